import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { readKeptOutput } from "../kept-output.ts";
import { workspaceOf } from "../workspace.ts";

const length = 30_000;

export const readOutput = tool<WorkspaceDeps>()({
  name: "readOutput",
  description:
    "Read the whole of a long output, of which runCommand showed only the beginning and the end, page by page. " +
    `Gives ${length} bytes at most, and with \`nextOffset\` where the next page begins.`,
  effect: "read",
  input: z.object({
    id: z.string().min(1).max(100).describe("The outputId that runCommand gave"),
    offset: z.number().int().min(0).default(0).describe("The byte to begin with, counted from 0"),
  }),
  async run({ id, offset }, deps, call) {
    const workspace = await workspaceOf(deps, call);
    const { text, next, size } = await readKeptOutput(workspace, id, { offset, length });
    return { id, offset, totalBytes: size, text, ...(next !== undefined && { nextOffset: next }) };
  },
});
