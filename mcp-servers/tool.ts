// A tool is data: what it is called, what it takes, what it does to the world, and the function that does it.
import { z } from "zod";
import type { Capability } from "../shared/capability.ts";
import { Refusal, ToolFailure } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";
import { defaultLimits, type Limits } from "./limits.ts";

/** What a tool does to the world: only look, change something, or take something away for good. */
export type Effect = "read" | "write" | "destroy";

/** What a tool gives back: an object becomes structured content, a string plain text. */
export type ToolResult = object | string;

/** How far a call has come. Without `progress` the steps are counted; with it, it has to grow from one to the next. */
export type Progress = { message?: string; progress?: number; total?: number };

/** What a tool knows about the call beyond its arguments. */
export type ToolCall = {
  capability: Capability;
  /** Aborts when the caller goes away, the time is up or the server closes. */
  signal: AbortSignal;
  log: Logger;
  /** Tells the caller how far it is. Does nothing for a caller that did not ask for it. */
  progress(step: Progress): void;
  /** A short-lived token that reads the repository; present where the tool declares `needsRepositoryToken`. */
  repositoryToken?: string;
};

/** What every tool says about itself. */
type Described = {
  name: string;
  description: string;
  effect: Effect;
  /** The same call again changes nothing more, so whoever got no answer may repeat it. What only reads always is. */
  idempotent?: boolean;
  needsRepositoryToken?: boolean;
};

type ToolSpec<Deps, Input extends z.ZodObject> = Described & {
  input: Input;
  /** What `run` gives. Keys that it does not name are left out of the answer. */
  output?: z.ZodObject;
  /** Where the usual limits do not fit. */
  limits?: Partial<Limits>;
  run(input: z.infer<Input>, deps: Deps, call: ToolCall): Promise<ToolResult>;
};

export type Tool<Deps> = Described & {
  input: z.ZodObject;
  output?: z.ZodObject;
  limits: Limits;
  /**
   * Checks the arguments and the capability's repository, runs, and checks the result. Throws `ToolFailure` for what it
   * refuses, and `BrokenPromise` for a result that is not what `output` says.
   */
  run(args: unknown, deps: Deps, call: ToolCall): Promise<ToolResult>;
};

/** A defect of the tool, and nothing that the caller could do better. Its message names the fields and no value. */
export class BrokenPromise extends Error {
  override name = "BrokenPromise";
}

/** The arguments that name a repository. `tool` compares them with the capability of every call. */
export const owner = z.string().min(1).describe("The repository's owner, a user or an organisation");
export const repo = z.string().min(1).describe("The repository's name, without its owner");

/** Makes a tool: `tool<Deps>()({ name, description, effect, input, output, run })`. Unknown arguments are refused. */
export function tool<Deps>() {
  return <Input extends z.ZodObject>(spec: ToolSpec<Deps, Input>): Tool<Deps> => {
    const input = spec.input.strict();
    return {
      ...spec,
      input,
      limits: { ...defaultLimits, ...spec.limits },
      async run(args, deps, call) {
        const parsed = input.safeParse(args ?? {});
        if (!parsed.success) throw new ToolFailure(wrongArguments(spec.name, parsed.error));
        checkRepository(spec.input, parsed.data, call.capability);
        // `strict()` keeps the shape, so what it parsed is what `run` takes.
        const result = await spec.run(parsed.data as z.infer<Input>, deps, call);
        return spec.output ? promised(spec.name, spec.output, result) : result;
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

function wrongArguments(name: string, error: z.ZodError): string {
  return `The arguments of ${name} can't be used:\n${faultsOf(error, "arguments")}\nCall it again with these corrected.`;
}

function promised(name: string, output: z.ZodObject, result: ToolResult): ToolResult {
  const parsed = output.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new BrokenPromise(
    `The result of ${name} is not what it promises:\n${faultsOf(parsed.error, "result")}`,
  );
}

function faultsOf({ issues }: z.ZodError, whole: string): string {
  return issues.map((issue) => `- ${issue.path.join(".") || whole}: ${issue.message}`).join("\n");
}
