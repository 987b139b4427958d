import { blocksOf } from "../../shared/markdown-blocks.ts";

const place = /(?<!`)`([^`\s:]{1,300}):(\d{1,7})(?:-(\d{1,7}))?`(?!`)/g;

export type LinkTarget = {
  /** The address of the commit's files: `https://github.com/OWNER/REPO/blob/SHA`. */
  files: string;
  isFile(path: string): boolean;
};

/** Makes links of places in the code, `src/add.js:12` or `src/add.js:12-20`, outside of code blocks. */
export function linkLines(markdown: string, { files, isFile }: LinkTarget): string {
  return blocksOf(markdown)
    .map(({ type, raw }) => (type === "code" ? raw : raw.replace(place, link)))
    .join("");

  function link(code: string, path: string, from: string, to?: string): string {
    if (!isFile(path)) return code;
    const address = path.split("/").map(encodeURIComponent).join("/");
    return `[${code}](${files}/${address}#L${from}${to ? `-L${to}` : ""})`;
  }
}
