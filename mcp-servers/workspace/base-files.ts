// The files of the commit that a checkout began with: no change in the checkout can alter what is read here.
import { type GitPlace, git } from "./git.ts";

export type BaseFile = { path: string; bytes: number };
export type BaseFiles = {
  /** Sorted by path. Links and submodules are not among them. */
  files: BaseFile[];
  /** The text of one of them, or of its beginning. */
  read(path: string, maxCharacters: number): Promise<string>;
};

/** A larger one is not read: it says nothing about how people work here. */
const maxBytes = 1024 * 1024;

export async function baseFiles(at: GitPlace, base: string): Promise<BaseFiles> {
  const listed = (await git(at, ["ls-tree", "-r", "--long", "-z", base])).split("\0");
  const files = listed.flatMap((line) => {
    const [, bytes, path] = line.match(/^100\d{3} blob [0-9a-f]+ +(\d+)\t(.*)$/s) ?? [];
    return path === undefined ? [] : [{ path, bytes: Number(bytes) }];
  });
  const sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return {
    files,
    async read(path, maxCharacters) {
      if ((sizes.get(path) ?? maxBytes + 1) > maxBytes) return "";
      return (await git(at, ["cat-file", "blob", `${base}:${path}`])).slice(0, maxCharacters).toWellFormed();
    },
  };
}
