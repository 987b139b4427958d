// `node local/github/main.ts --port 0 --data DIR`: says where it listens in one line of JSON, logs to stderr.
import { parseArgs } from "node:util";
import closeWithGrace from "close-with-grace";
import { pino } from "pino";
import { startGitHub } from "./start-github.ts";

const { values } = parseArgs({
  options: { port: { type: "string", default: "0" }, data: { type: "string" } },
});
if (!values.data) throw new Error("Could not start the local GitHub without a data folder. Add --data DIR.");

const log = pino({ name: "local-github", level: process.env.LOG_LEVEL ?? "info" }, pino.destination(2));
const github = await startGitHub({ port: Number(values.port), dataDir: values.data, log });
closeWithGrace({ delay: 3000, logger: false }, async ({ err, signal }) => {
  if (err) log.error({ err }, "local github failed");
  log.info({ signal }, "local github stopping");
  await github.close();
});
process.stdout.write(`${JSON.stringify({ url: github.url })}\n`);
