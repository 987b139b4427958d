import { execFile } from "node:child_process";
import { rgPath } from "@vscode/ripgrep";
import { ToolFailure } from "../../shared/errors.ts";
import type { ResolvedPath } from "./resolve-path.ts";

type Options = { checkout: string; signal: AbortSignal };

/**
 * What ripgrep prints for a path of the checkout, with paths from its root; empty when nothing matches.
 * Hidden files are included, ignored ones are not, symbolic links are not followed.
 */
export async function ripgrep(
  where: ResolvedPath,
  args: string[],
  { checkout, signal }: Options,
): Promise<string> {
  const fixed = [
    "--no-config",
    "--hidden",
    "--no-require-git",
    "--glob=!.git",
    "--sort=path",
    "--color=never",
  ];
  // The root is given as `.`, and everything else as a path from there; ripgrep then prints `./src/x`.
  const target = `./${where.path}`;
  return new Promise((resolve, reject) => {
    execFile(
      rgPath,
      [...fixed, ...args, "--", target],
      { cwd: checkout, signal, timeout: 30_000, maxBuffer: 64 * 1024 * 1024, env: { LANG: "C.UTF-8" } },
      (error, stdout, stderr) => {
        // 1: nothing matches. 2 with output: some file could not be read.
        if (!error || error.code === 1 || (error.code === 2 && stdout))
          return resolve(stdout.replaceAll(/^\.\/(\.\/)?/gm, ""));
        if (signal.aborted) return reject(signal.reason);
        const tooMuch = error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER" || error.killed;
        reject(new ToolFailure(tooMuch ? "Too much matches. Narrow it by path or glob." : explained(stderr)));
      },
    );
  });
}

function explained(stderr: string): string {
  return `${stderr.trim().replace(/^rg: /, "")}\nThe pattern is a regular expression of Rust's regex crate: escape ( ) [ ] { } . * + ? ^ $ | \\ with a backslash to find them literally.`;
}
