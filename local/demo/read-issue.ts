import { readFile } from "node:fs/promises";

export type Issue = { title: string; body: string };

/** GitHub's limit for a title. */
const longestTitle = 256;

/** Reads an issue from a file: the first line that is not empty is its title, the rest its text. */
export async function readIssue(file: string): Promise<Issue> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new Error(`There is no issue at ${file}.`);
    throw new Error(`The issue ${file} can't be read: ${error.message}`);
  });
  const [first = "", ...rest] = text
    .replace(/^\uFEFF/, "")
    .trimStart()
    .split(/\r?\n/);
  const title = first.replace(/^#+(\s+|$)/, "").trim();
  if (!title) throw new Error(`The issue ${file} has no title. Write it in the first line.`);
  if (title.length > longestTitle) {
    throw new Error(
      `The title in the first line of ${file} has ${title.length} characters; GitHub takes ${longestTitle}.`,
    );
  }
  return { title, body: rest.join("\n").trim() };
}
