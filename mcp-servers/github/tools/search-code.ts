import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { clip } from "../bounded.ts";
import { githubTool } from "../github-tool.ts";
import { path } from "../inputs.ts";

const maxResults = 50;
const maxFragment = 500;

export const searchCode = githubTool({
  name: "searchCode",
  description:
    `Search the code of the repository's default branch for words; at most ${maxResults} files. ` +
    "GitHub's index leaves out punctuation and files of more than 384 kB.",
  effect: "read",
  permissions: { contents: "read" },
  input: z.object({
    owner,
    repo,
    text: z
      .string()
      .min(2)
      .max(200)
      .regex(/[\p{L}\p{N}]/u, "expected a word")
      .regex(/^[^"\\\p{Cc}]*$/u, "quotes, backslashes and line breaks can't be searched for")
      .describe("What to look for, as one phrase"),
    folder: path
      .regex(/^\S+$/, "expected a path without spaces")
      .optional()
      .describe("Only below this folder"),
    extension: z
      .string()
      .regex(/^[A-Za-z0-9]{1,20}$/, "expected an extension without its dot")
      .optional()
      .describe("Only files with this extension, such as ts"),
  }),
  output: z.object({
    files: z.array(z.object({ path: z.string(), url: z.string(), fragments: z.array(z.string()) })),
    total: z.number(),
    incomplete: z.boolean().describe("Whether GitHub gave up before it had looked everywhere"),
  }),
  async run({ owner, repo, text, folder, extension }, octokit) {
    // In quotes nothing is a qualifier: no text can widen the search to another repository.
    const narrowed = [folder && `path:${folder}`, extension && `extension:${extension}`].filter(Boolean);
    const { data } = await octokit.rest.search.code({
      q: [`"${text}"`, `repo:${owner}/${repo}`, ...narrowed].join(" "),
      per_page: maxResults,
      mediaType: { format: "text-match" },
    });
    const here = data.items.filter(({ repository }) => repository.full_name === `${owner}/${repo}`);
    return {
      files: here.map(({ path, html_url, text_matches = [] }) => ({
        path,
        url: html_url,
        fragments: text_matches.slice(0, 3).map(({ fragment = "" }) => clip(fragment, maxFragment)),
      })),
      total: data.total_count,
      incomplete: data.incomplete_results,
    };
  },
});
