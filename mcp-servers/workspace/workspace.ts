// An execution's workspace on disk: the checkout, the git directory beside it, where no command can write, and
// what was found out when it was opened.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Capability } from "../../shared/capability.ts";
import { ToolFailure } from "../../shared/errors.ts";
import type { ToolCall } from "../tool.ts";
import type { WorkspaceDeps } from "./deps.ts";
import { removeDirectory } from "./remove-directory.ts";

export type Place = {
  directory: string;
  /** Where the agent works. */
  checkout: string;
  home: string;
  /** Outside of the checkout: commands can read it and not write to it. */
  gitDirectory: string;
  /** Where a change is verified, and its own home: nothing there was touched by the agent's commands. */
  clean: { checkout: string; home: string };
  /** What commands printed, where it was long. */
  outputs: string;
  stateFile: string;
};

const commandResult = z.object({
  command: z.string(),
  exitCode: z.number().nullable(),
  durationMs: z.number(),
  output: z.string(),
});

/** What was merged into the checkout when it was opened. */
export const OpenedMerge = z.object({
  commit: z.string().describe("The commit that was merged"),
  isNeeded: z.boolean().describe("Whether the base did not contain it already"),
  tree: z.string().describe("The tree as git merged it, with conflict markers where it could not"),
  conflicts: z.array(z.string()).describe("The files that git could not merge by itself"),
  messages: z.array(z.string()).describe("What git says of each conflict"),
});
export type OpenedMerge = z.infer<typeof OpenedMerge>;

export const OpenedWorkspace = z.object({
  base: z.string().describe("The commit that the checkout began with"),
  branch: z.string().describe("The branch that it was taken from"),
  files: z.number().describe("How many files the base has"),
  setup: z.object({
    source: z.enum(["configured", "detected", "none"]),
    commands: z.array(z.string()),
    results: z.array(commandResult),
  }),
  verify: z.object({
    source: z.enum(["configured", "detected", "none"]),
    commands: z.array(z.string()),
    network: z.boolean(),
  }),
  merge: OpenedMerge.optional(),
  note: z.string().optional(),
});
export type OpenedWorkspace = z.infer<typeof OpenedWorkspace>;

const State = z.object({
  repository: Capability.shape.repository,
  opened: OpenedWorkspace,
  /** The tree as setup left it: what setup made is no part of the change. */
  treeAfterSetup: z.string(),
});
export type State = z.infer<typeof State>;

export type Workspace = Place & State;

/** Where the execution's workspace is, or would be. */
export function placeOf({ root }: WorkspaceDeps, { capability }: ToolCall): Place {
  const { execution } = capability;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(execution)) {
    throw new ToolFailure(
      `The execution ${JSON.stringify(execution)} can't name a workspace. Use letters, digits, - and _.`,
    );
  }
  return placeBelow(join(root, execution));
}

/** The parts of a workspace in its directory. */
export function placeBelow(directory: string): Place {
  return {
    directory,
    checkout: join(directory, "checkout"),
    home: join(directory, "home"),
    gitDirectory: join(directory, "git"),
    clean: { checkout: join(directory, "clean"), home: join(directory, "clean-home") },
    outputs: join(directory, "outputs"),
    stateFile: join(directory, "state.json"),
  };
}

/** The workspace that `openWorkspace` made for this execution. */
export async function workspaceOf(deps: WorkspaceDeps, call: ToolCall): Promise<Workspace> {
  const workspace = await findWorkspace(deps, call);
  if (workspace) return workspace;
  throw new ToolFailure("This execution has no workspace. Call openWorkspace first.");
}

export async function findWorkspace(deps: WorkspaceDeps, call: ToolCall): Promise<Workspace | undefined> {
  const place = placeOf(deps, call);
  const text = await readFile(place.stateFile, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const state = State.parse(JSON.parse(text));
  const { repository } = call.capability;
  if (isSame(state.repository, repository)) return { ...place, ...state };
  throw new ToolFailure(
    `This execution's workspace belongs to another repository than ${repository.owner}/${repository.repo}. Call closeWorkspace first.`,
  );
}

/** A repository may have got another name since; who does not say its id is known by the name. */
function isSame(opened: State["repository"], named: State["repository"]): boolean {
  if (opened.id !== undefined && named.id !== undefined) return opened.id === named.id;
  return opened.owner === named.owner && opened.repo === named.repo;
}

/** From here on the workspace counts as open. */
export async function saveState({ stateFile }: Place, state: State): Promise<void> {
  await writeFile(`${stateFile}.new`, JSON.stringify(state));
  await rename(`${stateFile}.new`, stateFile);
}

export async function makeEmpty(place: Place): Promise<void> {
  await removeDirectory(place.directory);
  await mkdir(place.checkout, { recursive: true });
  await mkdir(place.home);
}
