// A tool is data: what it is called, what it takes, what it does to the world, and the function that does it.
import { z } from "zod";
import type { Capability } from "../shared/capability.ts";
import { Refusal, ToolFailure } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";

/** What a tool does to the world: only look, change something, or take something away for good. */
export type Effect = "read" | "write" | "destroy";

/** What a tool gives back: an object becomes structured content, a string plain text. */
export type ToolResult = object | string;

/** What a tool knows about the call beyond its arguments. */
export type ToolCall = {
  capability: Capability;
  /** Aborts when the caller goes away or the server closes. */
  signal: AbortSignal;
  log: Logger;
  /** A short-lived token that reads the repository; present where the tool declares `needsRepositoryToken`. */
  repositoryToken?: string;
};

type ToolSpec<Deps, Input extends z.ZodObject> = {
  name: string;
  description: string;
  effect: Effect;
  input: Input;
  output?: z.ZodObject;
  needsRepositoryToken?: boolean;
  run(input: z.infer<Input>, deps: Deps, call: ToolCall): Promise<ToolResult>;
};

export type Tool<Deps> = Omit<ToolSpec<Deps, z.ZodObject>, "run"> & {
  /** Checks the arguments and the capability's repository, then runs. Throws `ToolFailure` for what it refuses. */
  run(args: unknown, deps: Deps, call: ToolCall): Promise<ToolResult>;
};

/** The arguments that name a repository. `tool` compares them with the capability of every call. */
export const owner = z.string().min(1).describe("The repository's owner, a user or an organisation");
export const repo = z.string().min(1).describe("The repository's name, without its owner");

/** Makes a tool: `tool<Deps>()({ name, description, effect, input, run })`. Unknown arguments are refused. */
export function tool<Deps>() {
  return <Input extends z.ZodObject>(spec: ToolSpec<Deps, Input>): Tool<Deps> => {
    const input = spec.input.strict();
    return {
      ...spec,
      input,
      async run(args, deps, call) {
        const parsed = input.safeParse(args ?? {});
        if (!parsed.success) throw new ToolFailure(wrongArguments(spec.name, parsed.error));
        checkRepository(spec.input, parsed.data, call.capability);
        // `strict()` keeps the shape, so what it parsed is what `run` takes.
        return spec.run(parsed.data as z.infer<Input>, deps, call);
      },
    };
  };
}

/** Whether a thrown error was meant for the caller to read, as written. */
export function isMeantForCaller(error: unknown): error is Error {
  return error instanceof ToolFailure || error instanceof Refusal;
}

function checkRepository(
  input: z.ZodObject,
  args: Record<string, unknown>,
  { repository }: Capability,
): void {
  for (const key of ["owner", "repo"] as const) {
    if (!(key in input.shape) || args[key] === repository[key]) continue;
    throw new ToolFailure(
      `This execution may only use the repository ${repository.owner}/${repository.repo}, ` +
        `but "${key}" was ${JSON.stringify(args[key])}. Call again with "${key}": "${repository[key]}".`,
    );
  }
}

function wrongArguments(name: string, { issues }: z.ZodError): string {
  const faults = issues.map((issue) => `- ${issue.path.join(".") || "arguments"}: ${issue.message}`);
  return `The arguments of ${name} can't be used:\n${faults.join("\n")}\nCall it again with these corrected.`;
}
