// A model that says what a script tells it to: `node local/model/main.ts --script FILE [--port PORT] [--record FILE]`.
import { parseArgs } from "node:util";
import closeWithGrace from "close-with-grace";
import { port, processSettings, readConfig } from "../../shared/config.ts";
import { messageOf } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import { startModel } from "./start-model.ts";

const options = {
  script: { type: "string" },
  port: { type: "string", default: "0" },
  record: { type: "string" },
} as const;

try {
  const { values } = parseArgs({ options });
  if (!values.script)
    throw new Error("Expected --script FILE, the model's replies. See docs/development.md.");
  const log = createLogger("model", readConfig(processSettings, process.env).AFU9_LOG_LEVEL);
  const { script, record } = values;
  const model = await startModel({ script, record, port: port.parse(values.port), log });
  closeWithGrace({ delay: 5_000, logger: false }, () => model.close());
} catch (error) {
  process.stderr.write(`The model did not start. ${messageOf(error)}\n`);
  process.exitCode = 1;
}
