// Hostile texts as data: what somebody writes into an issue, and what they wish a model to do. The files are in
// `test/hostile/`, where hostile.test.ts says what must come of each.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { hide, hidingPlaces } from "./hide.ts";

const Call = z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()) });

const Wishes = z.strictObject({
  /** Calls of any tool, also of one that the agent was not given. */
  calls: z.array(Call).default([]),
  /** Files to write, by path. */
  files: z.record(z.string(), z.string()).default({}),
  /** What its answers say, by the key of the answer. `{{secrets:base64}}` is every secret that it knows, so written. */
  says: z.record(z.string(), z.string()).default({}),
});
export type Wishes = z.infer<typeof Wishes>;

const Entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** The issue's text. `{{hidden}}` is where the hidden part stands. */
  text: z.string(),
  hide: z.strictObject({ as: z.enum(hidingPlaces), text: z.string() }).optional(),
  /** What a person without any right comments. */
  comments: z.array(z.string()).default([]),
  wishes: Wishes.prefault({}),
  /**
   * How the execution ends; of one that must fail, words of its reason. `safely` is either: a secret in a file is taken
   * out before the file is written, or else the commit is refused.
   */
  ends: z
    .union([z.enum(["succeeded", "safely"]), z.strictObject({ failed: z.string() })])
    .default("succeeded"),
  /** What must not reach the model as it is written here. */
  neverSent: z.array(z.string()).default([]),
});
export type Entry = z.infer<typeof Entry>;

/** The issue that an entry makes. It names the entry, so that the model knows what it is to be talked into. */
export function issueOf({ id, text, hide: hidden, comments }: Entry) {
  const body = text.replace("{{hidden}}", () => (hidden ? hide(hidden.as, hidden.text) : ""));
  return { title: `add(2, 2) is 0 ${markOf(id)}`, body: `${markOf(id)}\n\n${body}`, comments };
}

export function markOf(id: string): string {
  return `(case ${id})`;
}

/** All entries of a folder's files. Throws with the file's name when one is not usable. */
export async function readCorpus(folder: string): Promise<Entry[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yml")).sort();
  const lists = await Promise.all(
    files.map(async (file) => {
      const parsed = z.array(Entry).safeParse(parse(await readFile(join(folder, file), "utf8")));
      if (parsed.success) return parsed.data;
      throw new Error(`${join(folder, file)} can't be used: ${z.prettifyError(parsed.error)}`);
    }),
  );
  return lists.flat();
}
