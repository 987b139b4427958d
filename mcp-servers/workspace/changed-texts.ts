// The texts of those changed files that can weaken the tests, before and after.
import type { Change } from "./change-set.ts";
import type { ChangedText } from "./find-weakened.ts";
import { git } from "./git.ts";
import { isWorthReading } from "./test-files.ts";
import { maxFileBytes } from "./text-file.ts";
import type { Place } from "./workspace.ts";

const maxFiles = 300;

export async function changedTexts(place: Place, changes: Change[]): Promise<ChangedText[]> {
  const texts: ChangedText[] = [];
  for (const change of changes.filter(({ path }) => isWorthReading(path)).slice(0, maxFiles)) {
    texts.push({
      path: change.path,
      before: await readBlob(place, change.before),
      after: "blob" in change ? await readBlob(place, change.blob) : undefined,
    });
  }
  return texts;
}

/** Of a file that is too large for a test the text is empty, but it is there. */
async function readBlob(place: Place, blob: string | undefined): Promise<string | undefined> {
  if (blob === undefined) return undefined;
  const size = Number(await git(place, ["cat-file", "-s", blob]));
  return size > maxFileBytes ? "" : await git(place, ["cat-file", "blob", blob]);
}
