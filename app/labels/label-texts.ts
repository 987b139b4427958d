import type { RepositoryConfig } from "../../shared/repository-config.ts";

type Labels = RepositoryConfig["labels"];

export type LabelText = { name: string; color: string; description: string };

/** How each label looks, and what it says of itself. GitHub takes 100 characters. */
const looks: Record<keyof Labels, Omit<LabelText, "name">> = {
  start: { color: "5319e7", description: "AFU-9 works on this issue and opens a pull request" },
  hold: { color: "b60205", description: "AFU-9 starts nothing here" },
  queued: { color: "c5def5", description: "AFU-9 will start soon" },
  running: { color: "1d76db", description: "AFU-9 is at work" },
  waiting: { color: "fbca04", description: "AFU-9 waits for a person, for CI or for a time" },
  failed: { color: "d93f0b", description: "AFU-9 could not do it: its comment says why" },
  done: { color: "0e8a16", description: "AFU-9 is done" },
};

/** The labels of a repository, by the names that it gives them. */
export function labelTexts(labels: Labels): LabelText[] {
  const kinds = Object.keys(looks) as (keyof Labels)[];
  return kinds.map((kind) => ({ name: labels[kind], ...looks[kind] }));
}
