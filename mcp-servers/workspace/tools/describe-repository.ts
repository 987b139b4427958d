import { z } from "zod";
import { tool } from "../../tool.ts";
import { baseFiles } from "../base-files.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { howToBuild } from "../how-to-build.ts";
import { instructionFiles } from "../instruction-files.ts";
import { languagesOf, treeOf } from "../repository-map.ts";
import { workspaceOf } from "../workspace.ts";

const Commands = z.object({
  source: z.enum(["configured", "detected", "none"]),
  commands: z.array(z.string()),
});

export const describeRepository = tool<WorkspaceDeps>()({
  name: "describeRepository",
  description:
    "Describe the repository as it is at the commit that the checkout began with: languages, tree, how it is built and tested, " +
    "and the conventions that it has for agents (AGENTS.md, CLAUDE.md, .github/copilot-instructions.md). Long parts are cut, and say so.",
  effect: "read",
  limits: { maxResultCharacters: 60_000 },
  input: z.object({}),
  output: z.object({
    base: z.string(),
    branch: z.string().describe("What the checkout was taken from"),
    files: z.number(),
    languages: z.array(z.object({ name: z.string(), files: z.number(), bytes: z.number() })),
    tree: z.object({ entries: z.array(z.string()), omitted: z.number() }),
    setup: Commands,
    verify: Commands,
    hints: z
      .array(z.object({ file: z.string(), commands: z.array(z.string()) }))
      .describe("What its own files say of how it is built and tested"),
    instructions: z.array(
      z.object({ path: z.string(), text: z.string(), omitted: z.number().describe("Characters left out") }),
    ),
    moreInstructions: z.array(z.string()).describe("Such files that did not fit, by path"),
  }),
  async run(_, deps, call) {
    const workspace = await workspaceOf(deps, call);
    const { base, branch, setup, verify } = workspace.opened;
    const files = await baseFiles(workspace, base);
    const { given, more } = await instructionFiles(files);
    return {
      base,
      branch,
      files: files.files.length,
      languages: languagesOf(files.files),
      tree: treeOf(files.files),
      setup,
      verify,
      hints: await howToBuild(files),
      instructions: given,
      moreInstructions: more,
    };
  },
});
