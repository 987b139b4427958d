import { z } from "zod";
import { path } from "./inputs.ts";

/** A file of a change: its new content, or that it goes away. */
export const changedFile = z.union([
  z.strictObject({
    path,
    mode: z.enum(["100644", "100755", "120000"]).describe("Plain, executable, or a symbolic link"),
    content: z.base64().describe("The content, in Base64"),
    encoding: z.literal("base64").optional(),
  }),
  z.strictObject({ path, deleted: z.literal(true) }),
]);
export type ChangedFile = z.infer<typeof changedFile>;

/** One commit to make. */
export type Change = {
  owner: string;
  repo: string;
  branch: string;
  expectedHead: string;
  message: string;
  files: ChangedFile[];
  /** The commit that is merged. */
  mergeOf?: string;
};
