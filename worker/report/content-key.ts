import { createHash } from "node:crypto";
import type { Snapshot } from "./snapshot.ts";

/** While it runs, what it has cost until now is brought up to date with anything else, and every so often. */
const figuresEveryMs = 5 * 60_000;

/** Stands for a content: while it is the same, GitHub has it already. */
export function contentKey(snapshot: Snapshot, render: (snapshot: Snapshot) => unknown): string {
  const isAtWork = snapshot.status === "running" && snapshot.startedAt !== null;
  const since = isAtWork && snapshot.startedAt ? Date.now() - snapshot.startedAt.getTime() : 0;
  const seen = isAtWork ? { ...snapshot, turns: 0, tokens: 0, costUsd: 0 } : snapshot;
  const content = JSON.stringify([render(seen), Math.floor(since / figuresEveryMs)]);
  return createHash("sha256").update(content).digest("hex");
}
