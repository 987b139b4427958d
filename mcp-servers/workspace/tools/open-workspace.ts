import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { owner, repo, type ToolCall, tool } from "../../tool.ts";
import { saveTree } from "../change-set.ts";
import { nothingToVerifyWith } from "../check-tree.ts";
import { chooseCommands, chooseNone } from "../choose-commands.ts";
import { clone } from "../clone.ts";
import type { WorkspaceDeps } from "../deps.ts";
import type { Cloned } from "../fetch-commit.ts";
import { mergeInto } from "../merge-into.ts";
import { removeDirectory } from "../remove-directory.ts";
import { revokeToken } from "../revoke-token.ts";
import { limitsOfCommands, runCommands, whyNotPassed } from "../run-commands.ts";
import { findWorkspace, makeEmpty, OpenedWorkspace, type Place, placeOf, saveState } from "../workspace.ts";

const commands = z
  .array(z.string().min(1))
  .nullish()
  .transform((value) => value ?? undefined);
const Defaults = z
  .object({ setup: commands, verify: commands, network: z.boolean().default(false) })
  .describe(
    "What holds for the repository where the commit's .github/afu9.yml says nothing, or can't be used",
  );

type Input = {
  owner: string;
  repo: string;
  ref?: string;
  merge?: string;
  setup: boolean;
  defaults?: z.infer<typeof Defaults>;
  ownCommands: boolean;
};

export const openWorkspace = tool<WorkspaceDeps>()({
  name: "openWorkspace",
  description:
    "Check out the repository into this execution's own workspace and run its setup commands. " +
    "Every other tool works in that checkout. Calling it again gives the same answer and changes nothing.",
  effect: "write",
  idempotent: true,
  limits: limitsOfCommands,
  needsRepositoryToken: true,
  input: z.object({
    owner,
    repo,
    ref: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe("The branch or the full commit SHA to begin from; the default branch when left out"),
    merge: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe("A branch or commit to merge into it; where git can't, the files keep conflict markers"),
    setup: z
      .boolean()
      .default(true)
      .describe("Whether to run the setup commands; without them a checkout is only to be read"),
    defaults: Defaults.optional(),
    ownCommands: z
      .boolean()
      .default(true)
      .describe(
        "Whether the commit's own .github/afu9.yml says how it is set up and verified; without it only the defaults do",
      ),
  }),
  output: OpenedWorkspace,
  async run(input, deps, call) {
    return deps.inTurn(call.capability.execution, () => open(input, deps, call));
  },
});

async function open(input: Input, deps: WorkspaceDeps, call: ToolCall): Promise<OpenedWorkspace> {
  const place = placeOf(deps, call);
  let cloned: Cloned | undefined;
  const token = call.repositoryToken ?? "";
  try {
    const existing = await findWorkspace(deps, call);
    if (existing) return existing.opened;
    await makeEmpty(place);
    const url = `${deps.github.serverUrl}/${encodeURIComponent(input.owner)}/${encodeURIComponent(input.repo)}.git`;
    cloned = await clone(
      place,
      { url, ref: input.ref, merge: input.merge, token, signal: call.signal },
      deps,
    );
  } finally {
    // Before any command of the repository runs, and whatever became of the clone.
    await revokeToken(deps.github.apiUrl, token);
  }
  return setUp(input, cloned, place, deps, call);
}

async function setUp(
  input: Input,
  { base, branch, merge }: Cloned,
  place: Place,
  deps: WorkspaceDeps,
  call: ToolCall,
) {
  const { setup, verify, files, note } = input.setup
    ? await chooseCommands(place, base, { ...deps, ...input })
    : await chooseNone(place, base);
  const results = await runCommands(
    deps.sandbox,
    [{ phase: "setup", commands: setup.commands, network: true }],
    { ...place, signal: call.signal },
  );
  const failed = results.find(({ status }) => status !== "passed");
  if (failed) {
    await removeDirectory(place.directory);
    throw new ToolFailure(
      `The workspace was not opened. ${whyNotPassed(failed)} Say in .github/afu9.yml, under \`setup\`, how the ` +
        `repository is set up. The end of the output:\n${failed.output}`,
    );
  }
  const notes = [
    ...(input.setup && verify.commands.length === 0 ? [nothingToVerifyWith] : []),
    ...(note ? [note] : []),
  ];
  const opened: OpenedWorkspace = {
    base,
    branch,
    files,
    setup: { ...setup, results: results.map(({ phase: _, status: __, ...result }) => result) },
    verify,
    ...(notes.length > 0 && { note: notes.join(" ") }),
  };
  const { repository } = call.capability;
  // Taken before the merge: what is merged is part of the change, and what setup made is not.
  const treeAfterSetup = await saveTree(place);
  if (merge) opened.merge = await mergeInto(place, base, merge);
  await saveState(place, { repository, opened, treeAfterSetup });
  return opened;
}
