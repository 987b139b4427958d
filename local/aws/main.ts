// `node local/aws/main.ts --port 0`: an AWS on this machine, in a process of its own.
import { parseArgs } from "node:util";
import closeWithGrace from "close-with-grace";
import { port, processSettings, readConfig } from "../../shared/config.ts";
import { messageOf } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import { startAws } from "./start-aws.ts";

try {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  const log = createLogger("aws", readConfig(processSettings, process.env).AFU9_LOG_LEVEL);
  const aws = await startAws({ port: port.parse(values.port), log });
  closeWithGrace({ delay: 5_000, logger: false }, () => aws.close());
} catch (error) {
  process.stderr.write(`The local AWS did not start. ${messageOf(error)}\n`);
  process.exitCode = 1;
}
