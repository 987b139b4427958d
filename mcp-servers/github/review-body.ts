import { clip } from "./bounded.ts";
import { countOf, entryOf, type Finding } from "./finding.ts";
import type { Remark } from "./open-remarks.ts";

/** GitHub's limit is 65,536 characters; the marker comes after the text. */
const maxBody = 60_000;

type Parts = { body: string; sha: string; onLines: Finding[]; inText: Finding[]; repeated: Remark[] };

/** The text of a review: what was said about the whole, and what has no line of the diff to stand on. */
export function reviewBody({ body, sha, onLines, inText, repeated }: Parts): string {
  const isNew = onLines.length > 0 || inText.length > 0;
  if (!isNew && repeated.length > 0) return `Nothing new at ${sha}. ${standing(repeated)}`;
  const parts = [
    body,
    countOf([...onLines, ...inText]),
    inText.length > 0 && `**Not on a line of the diff**\n\n${inText.map(entryOf).join("\n")}`,
    repeated.length > 0 && standing(repeated),
  ];
  return clip(parts.filter(Boolean).join("\n\n"), maxBody);
}

function standing(remarks: Remark[]): string {
  const urls = [...new Set(remarks.map(({ url }) => url))];
  return `Still open from before, and not repeated: ${urls.join(", ")}`;
}
