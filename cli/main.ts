// The command line: `npm run afu9 -- …`. This file wires; each command is a file in commands/.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CommanderError } from "commander";
import { stopSignal } from "../local/stop-signal.ts";
import { readConfig } from "../shared/config.ts";
import { messageOf } from "../shared/errors.ts";
import type { Deps } from "./command.ts";
import { type ExitCode, Unreachable, WrongUsage } from "./exit-codes.ts";
import { findDatabase } from "./find-database.ts";
import { findMcpSecret } from "./find-mcp-secret.ts";
import { createOutput } from "./output.ts";
import { createProgram } from "./program.ts";
import { silentLog } from "./silent-log.ts";
import { typed } from "./wording.ts";

const root = join(import.meta.dirname, "..");
const signal = stopSignal();
const argv = process.argv.slice(2);

if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
const opened = new AsyncDisposableStack();
const code = await run();
// What does not close in time (a Redis that is away) must not keep somebody waiting for the prompt.
await Promise.race([opened.disposeAsync().catch(() => {}), setTimeout(2_000)]);
process.exit(code);

async function run(): Promise<ExitCode> {
  let ended: ExitCode = 0;
  const program = createProgram({
    deps: createDeps(),
    createOutput: (isJson) => createOutput(process, isJson),
    onEnd: (code) => {
      ended = code;
    },
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return ended;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): ExitCode {
  if (signal.aborted) return 130;
  if (error instanceof CommanderError && error.exitCode === 0) return 0;

  const { complain } = createOutput(process, argv.includes("--json"));
  if (error instanceof CommanderError || error instanceof WrongUsage) {
    complain(`${usageFault(error)}\n\`${typed} --help\` shows what there is.`);
    return 2;
  }
  complain(messageOf(error));
  return error instanceof Unreachable ? 3 : 1;
}

function usageFault(error: Error): string {
  if (error instanceof CommanderError && error.code === "commander.help") return "Expected a command.";
  return error.message.replace(/^error: (.)/, (_, letter: string) => letter.toUpperCase());
}

function createDeps(): Deps {
  let url: Promise<string> | undefined;
  const databaseUrl = () => (url ??= findDatabase({ env: process.env, root }));
  return {
    // What a command does not need is not loaded: people wait for it.
    async db() {
      const { connectDatabase } = await import("../shared/db.ts");
      const db = connectDatabase(await databaseUrl(), { max: 2 });
      opened.defer(() => db.close());
      return db;
    },
    async queues() {
      const { createQueues } = await import("../shared/queue.ts");
      const queues = createQueues({
        databaseUrl: await databaseUrl(),
        redisUrl: process.env.REDIS_URL || undefined,
        log: silentLog,
      });
      opened.defer(() => queues.close());
      return queues;
    },
    async github() {
      const { createGitHubApp, githubSettings } = await import("../shared/github.ts");
      return {
        get asApp() {
          return createGitHubApp(readConfig(githubSettings, process.env), silentLog).asApp;
        },
      };
    },
    mcpSecret: () => findMcpSecret({ env: process.env, root }),
    who: `the command line (${process.env.USER || `user ${process.getuid?.()}`})`,
    signal,
    root,
  };
}
