import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { ToolFailure } from "../../shared/errors.ts";
import type { WorkspaceDeps } from "./deps.ts";
import type { ResolvedPath } from "./resolve-path.ts";
import type { CommandPlace } from "./sandbox.ts";

/** `isAll` is false when there were more lines than could be looked at. */
export type Found = { lines: string[]; isAll: boolean };

const timeoutMs = 30_000;
const maxBytes = 16 * 2 ** 20;

const fixed = ["--no-config", "--hidden", "--no-require-git", "--glob=!.git", "--sort=path", "--color=never"];

/**
 * What ripgrep prints for a path of the checkout, line by line, with paths from its root; empty when nothing matches.
 * Hidden files are included, ignored ones are not, symbolic links are not followed.
 */
export async function ripgrep(
  { sandbox, maxFound }: Pick<WorkspaceDeps, "sandbox" | "maxFound">,
  args: string[],
  { where, place, signal }: { where: ResolvedPath; place: CommandPlace; signal: AbortSignal },
): Promise<Found> {
  // The root is given as `.`, and everything else as a path from there; ripgrep then prints `./src/x`.
  const { argv, options } = sandbox.ripgrep([...fixed, ...args, "--", `./${where.path}`], place);
  const [program = "", ...rest] = argv;
  const timeout = AbortSignal.timeout(timeoutMs);
  const child = spawn(program, rest, {
    ...options,
    signal: AbortSignal.any([signal, timeout]),
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  try {
    const [{ output, isAll }, complaints] = await Promise.all([
      read(child, maxFound),
      text(child.stderr),
      closed,
    ]);
    if (isAll) checkEnd(child, output, complaints);
    const lines = output.replaceAll(/^\.\/(\.\/)?/gm, "").split("\n");
    return { lines: lines.filter(Boolean).slice(0, maxFound), isAll };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted)
      throw new ToolFailure(`It took more than ${timeoutMs / 1000} s. Narrow it by path or glob.`);
    throw error;
  }
}

/** Reads until there is enough of it. */
async function read(child: ChildProcess, maxLines: number): Promise<{ output: string; isAll: boolean }> {
  const decoder = new TextDecoder();
  let output = "";
  let lines = 0;
  for await (const chunk of child.stdout ?? []) {
    const piece = decoder.decode(chunk, { stream: true });
    output += piece;
    lines += piece.split("\n").length - 1;
    if (lines <= maxLines && output.length <= maxBytes) continue;
    child.kill("SIGKILL");
    return { output: output.slice(0, output.lastIndexOf("\n")), isAll: false };
  }
  return { output: output + decoder.decode(), isAll: true };
}

/** 1: nothing matches. 2 with output: some file could not be read. */
function checkEnd({ exitCode }: ChildProcess, output: string, complaints: string): void {
  if (complaints.startsWith("bwrap: ")) throw new Error(`The sandbox did not start: ${complaints.trim()}`);
  if (exitCode === 0 || exitCode === 1 || (exitCode === 2 && output)) return;
  throw new ToolFailure(
    `${complaints.trim().replace(/^rg: /, "")}\nThe pattern is a regular expression of Rust's regex crate: escape ( ) [ ] { } . * + ? ^ $ | \\ with a backslash to find them literally.`,
  );
}
