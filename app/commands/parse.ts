import { spokenLines } from "./spoken-lines.ts";

/** A command that a comment holds, known or not. */
export type Parsed = {
  /** The line, without what can't be seen. */
  line: string;
  /** Whether the App was mentioned in place of `/afu9`. Then `name` may be the first word of what is wanted. */
  isMention: boolean;
  /** What follows `/afu9` or the mention on the line, as it was written: the name and the rest. */
  said: string;
  /** The command's name in small letters; empty where the line has none. */
  name: string;
  /** What follows the name on the line. */
  rest: string;
  /** The lines below, up to the next command. */
  below: string;
};

/**
 * Finds the commands that a person wrote: lines of their own that begin with `/afu9` or with a mention of the App, outside
 * quotes and code (`spokenLines`). The time it takes grows with the comment's length only.
 */
export function parseCommands(comment: string, appSlug?: string): Parsed[] {
  const lines = comment.split(/\r\n|\n|\r/);
  const found = spokenLines(lines).flatMap((line, at) => {
    const command = line === undefined ? undefined : readLine(line, appSlug);
    return command ? [{ ...command, at }] : [];
  });
  return found.map(({ at, ...command }, index) => {
    const below = lines.slice(at + 1, found[index + 1]?.at);
    return { ...command, below: below.join("\n").trim() };
  });
}

/** What people can't see, and what programs for mail and for other scripts put in. */
const unseen = String.raw`\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF`;
const invisible = new RegExp(`[${unseen}]`, "g");
const leading = new RegExp(`^[\\s${unseen}]+`);
const edges = new RegExp(`^[${unseen}]+|[${unseen}]+$`, "g");

function readLine(spoken: string, appSlug: string | undefined): Omit<Parsed, "below"> | undefined {
  const line = spoken.replace(leading, "").trimEnd();
  const [, head = "", said = ""] = line.match(/^(\S+)\s*([\s\S]*)$/) ?? [];
  const isMention = appSlug !== undefined && mentionsOf(appSlug).includes(plain(head).replace(/[,:]$/, ""));
  if (plain(head) !== "/afu9" && !isMention) return undefined;
  const [, name = "", rest = ""] = said.match(/^(\S*)\s*([\s\S]*)$/) ?? [];
  return { line: line.replace(invisible, ""), isMention, said, name: plain(name), rest };
}

/**
 * A word as it is compared: full-width characters are the same as others. One with something unseen in it stays another
 * word: so does AFU-9 write a command that is to be read only (`shared/outgoing-text.ts`).
 */
function plain(word: string): string {
  return word.replace(edges, "").normalize("NFKC").toLowerCase();
}

/** GitHub shows `@slug`, and completes to the login of the App's bot. */
function mentionsOf(slug: string): string[] {
  return [`@${slug}`, `@${slug}[bot]`].map((mention) => mention.toLowerCase());
}
