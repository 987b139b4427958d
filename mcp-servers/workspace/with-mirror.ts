// Lends a repository's mirror to one at a time, and cures one that is broken by making it anew.
import { messageOf, ToolFailure } from "../../shared/errors.ts";
import type { WorkspaceDeps } from "./deps.ts";
import { type Mirror, mirrorOf, prepareMirror, removeOldMirrors } from "./mirror.ts";
import { removeDirectory } from "./remove-directory.ts";

type Use = { url: string; signal: AbortSignal };

export async function withMirror<T>(
  { mirrors, inTurn }: Pick<WorkspaceDeps, "mirrors" | "inTurn">,
  { url, signal }: Use,
  work: (mirror: Mirror) => Promise<T>,
): Promise<T> {
  const alone = <R>({ gitDirectory }: Mirror, use: () => Promise<R>) => inTurn(`mirror ${gitDirectory}`, use);
  const mirror = mirrorOf(mirrors, url);

  const attempt = async () => {
    signal.throwIfAborted();
    await prepareMirror(mirror, url, mirrors);
    return work(mirror);
  };
  const result = await alone(mirror, async () => {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || isNoFaultOfTheMirror(error)) throw error;
      await removeDirectory(mirror.gitDirectory);
      return await attempt();
    }
  });
  await removeOldMirrors(mirrors, alone);
  return result;
}

/** What the caller or the network is to blame for: a mirror that took long to fetch is not thrown away for that. */
function isNoFaultOfTheMirror(error: unknown): boolean {
  return error instanceof ToolFailure || transportFaults.test(messageOf(error));
}

const transportFaults =
  /unable to access|could ?n.t resolve|requested URL returned error|RPC failed|early EOF|hung up|timed out|no space left/i;
