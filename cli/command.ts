// A command is data: what is typed, what its options may hold, and the function that does it.
import { z } from "zod";
import type { Database } from "../shared/db.ts";
import type { GitHubApp } from "../shared/github.ts";
import type { Queues } from "../shared/queue.ts";
import { type ExitCode, WrongUsage } from "./exit-codes.ts";
import type { Output } from "./output.ts";

/** What commands get to work with. Nothing is opened before a command asks for it. */
export type Deps = {
  db(): Promise<Database>;
  queues(): Promise<Queues>;
  /** The App's settings are needed only when `asApp` is used. It throws one error that names those that are missing. */
  github(): Promise<Pick<GitHubApp, "asApp">>;
  /** What signs capabilities for the MCP servers. */
  mcpSecret(): Promise<string>;
  /** Who uses the command line, as rows and reports name them. */
  who: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** AFU-9's own folder. */
  root: string;
};

export type Call<Options> = { args: string[]; options: Options; deps: Deps; out: Output };

type CommandSpec<Options extends z.ZodObject> = {
  /** As it is typed, with its arguments: `executions view <id>`. */
  usage: string;
  summary: string;
  /** What else the help says. */
  details?: string;
  /** Each with `option`. */
  options?: Options;
  run(call: Call<z.infer<Options>>): Promise<ExitCode>;
};

export type Command = {
  usage: string;
  summary: string;
  details: string;
  options: OptionSpec[];
  run(call: Call<Record<string, unknown>>): Promise<ExitCode>;
};

export type OptionSpec = { flags: string; description: string };
const OptionSpec = z.object({ flags: z.string(), description: z.string() });

/** An option: how it is typed, and what it may hold. Its key is the long flag in camel case. */
export function option<S extends z.ZodType>(flags: string, description: string, schema: S): S {
  return schema.meta({ flags, description });
}

export function command<Options extends z.ZodObject = z.ZodObject<Record<never, never>>>(
  spec: CommandSpec<Options>,
): Command {
  const { usage, summary, details = "", options = z.object({}), run } = spec;
  const specs = Object.values(options.shape).map((schema) => OptionSpec.parse((schema as z.ZodType).meta()));
  return {
    usage,
    summary,
    details,
    options: specs,
    async run(call) {
      const parsed = options.safeParse(call.options);
      if (!parsed.success) throw new WrongUsage(wrongOptions(parsed.error, call.options));
      return run({ ...call, options: parsed.data as z.infer<Options> });
    },
  };
}

function wrongOptions({ issues }: z.ZodError, given: Record<string, unknown>): string {
  return issues
    .map(({ path: [name = ""], message }) => {
      const flag = String(name).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const value = given[String(name)];
      const got = value === undefined ? "nothing" : `"${value}"`;
      return `--${flag}: ${message.replace("Invalid option: e", "E")}, got ${got}.`;
    })
    .join("\n");
}
