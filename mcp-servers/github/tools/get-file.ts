import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { path, ref } from "../inputs.ts";

/** GitHub gives the content of bigger files in another way; a model can't read so much anyway. */
const maxBytes = 1024 * 1024;

export const getFile = githubTool({
  name: "getFile",
  description:
    "Get a file at a branch, tag or commit: text as it is, anything else in Base64. Files of more than 1 MB are refused.",
  effect: "read",
  permissions: { contents: "read" },
  input: z.object({
    owner,
    repo,
    path,
    ref: ref.optional().describe("A branch, a tag or a commit; the default branch unless given"),
  }),
  output: z.object({
    path: z.string(),
    sha: z.string().describe("The file's blob"),
    size: z.number().describe("In bytes"),
    encoding: z.enum(["text", "base64"]),
    content: z.string(),
  }),
  async run({ owner, repo, path, ref }, octokit) {
    const { data } = await octokit.rest.repos.getContent({ owner, repo, path, ref });
    if (Array.isArray(data)) throw new ToolFailure(folderAt(path, data));
    if (!("content" in data))
      throw new ToolFailure(`${path} is a ${data.type} and no file. Choose another path.`);
    if (data.size > maxBytes) {
      throw new ToolFailure(
        `${path} has ${data.size} bytes, and only ${maxBytes} can be read. Choose another file.`,
      );
    }
    const bytes = Buffer.from(data.content, "base64");
    const isText = isUtf8(bytes) && !bytes.includes(0);
    return {
      path: data.path,
      sha: data.sha,
      size: data.size,
      encoding: isText ? ("text" as const) : ("base64" as const),
      content: bytes.toString(isText ? "utf8" : "base64"),
    };
  },
});

const maxNames = 100;

function folderAt(path: string, entries: { path: string }[]): string {
  const names = entries.slice(0, maxNames).map((entry) => entry.path);
  const rest = entries.length > maxNames ? `, and ${entries.length - maxNames} more` : "";
  return `${path} is a folder with ${names.join(", ")}${rest}. Call again with the path of a file.`;
}
