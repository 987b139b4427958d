// What an agent is told of the repository: its map, and its conventions for agents as the default branch has them.
import { z } from "zod";
import { Busy } from "../../shared/errors.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import type { Background } from "./background.ts";

const Described = z.object({
  base: z.string(),
  branch: z.string(),
  files: z.number(),
  languages: z.array(z.object({ name: z.string(), files: z.number(), bytes: z.number() })),
  tree: z.object({ entries: z.array(z.string()), omitted: z.number() }),
  setup: z.object({ commands: z.array(z.string()) }),
  verify: z.object({ commands: z.array(z.string()) }),
  hints: z.array(z.object({ file: z.string(), commands: z.array(z.string()) })),
  instructions: z.array(z.object({ path: z.string(), text: z.string(), omitted: z.number() })),
  moreInstructions: z.array(z.string()),
});
export type Described = z.infer<typeof Described>;

export type Conventions = { path: string; text: string; omitted: number };
export type RepositoryContext = { map?: Described; conventions: Conventions[] };

/** In the root. Nested ones are known of a checkout of the default branch alone. */
const rootFiles = ["AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md"];
const maxFile = 12_000;

type Reading = { toolbox: Toolbox; background?: Background; signal: AbortSignal };

/** For an agent that works in a checkout. Other agents are told nothing of the repository's files. */
export async function repositoryContext(reading: Reading): Promise<RepositoryContext> {
  const { toolbox, background } = reading;
  const specs = await toolbox.specs();
  const worksInCheckout = specs.some(({ name }) => toolbox.fullName(name).startsWith("workspace."));
  if (!worksInCheckout) return { conventions: [] };
  const map = await describe(reading);
  if (!background) return { map, conventions: [] };
  // A checkout of anything else holds what somebody proposes: what it says to agents was agreed to by nobody.
  if (map?.branch === background.repository.defaultBranch) return { map, conventions: map.instructions };
  return { map, conventions: await readConventions(reading, background) };
}

/** Undefined when there is no checkout. */
async function describe({ toolbox, signal }: Reading): Promise<Described | undefined> {
  const answer = await call(toolbox, "workspace.describeRepository", {}, signal);
  return answer && Described.parse(answer);
}

async function readConventions(
  { toolbox, signal }: Reading,
  { repository }: Background,
): Promise<Conventions[]> {
  const found: Conventions[] = [];
  for (const path of rootFiles) {
    const input = { owner: repository.owner, repo: repository.name, path, ref: repository.defaultBranch };
    const file = z
      .object({ encoding: z.literal("text"), content: z.string() })
      .safeParse(await call(toolbox, "github.getFile", input, signal));
    const text = file.data?.content ?? "";
    if (text.trim() === "" || found.some((other) => other.text === text.slice(0, maxFile))) continue;
    found.push({ path, text: text.slice(0, maxFile), omitted: Math.max(0, text.length - maxFile) });
  }
  return found;
}

/** Gives undefined where the tool says that there is nothing. What may pass is the step's fault, for now. */
async function call(toolbox: Toolbox, tool: string, input: Record<string, unknown>, signal: AbortSignal) {
  const answer = await toolbox.call({ tool, input, signal });
  if (answer.waitSeconds) throw new Busy(answer.text, answer.waitSeconds);
  if (answer.mayPass) throw new Error(`\`${tool}\` could not be done now: ${answer.text}`);
  return answer.isError ? undefined : answer.data;
}
