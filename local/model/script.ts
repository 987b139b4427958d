// A script: the replies of a model, written beforehand. Either one list, in the order in which they are asked for, or a
// list for each agent: then a reply's place is that of its turn in the conversation, and any number of them may go on at once.
import { readFile } from "node:fs/promises";
import { z } from "zod";

const Call = z.strictObject({
  /** The tool's name as the model sees it, `readFile`. */
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "expected a tool's name, such as `readFile`"),
  input: z.record(z.string(), z.unknown()),
});

const Reply = z
  .strictObject({ text: z.string().default(""), calls: z.array(Call).default([]) })
  .refine((reply) => reply.text !== "" || reply.calls.length > 0, "expected `text`, `calls` or both");
export type Reply = z.infer<typeof Reply>;

const Replies = z.array(Reply, "expected an array of replies").min(1, "expected at least one reply");
const ByAgent = z.strictObject({ agents: z.record(z.string(), Replies) });
export type Script = Reply[] | z.infer<typeof ByAgent>;

/** Reads a script. Throws one error that names the file and every fault in it, by index and key. */
export async function readScript(file: string): Promise<Script> {
  const json = parseJson(await readText(file), file);
  const parsed = (isByAgent(json) ? ByAgent : Replies).safeParse(json);
  if (parsed.success) return parsed.data;

  const faults = parsed.error.issues.map(({ path, message }) => `  ${placeOf(path)}${message}`);
  throw new Error(
    `The script ${file} can't be used:\n${faults.join("\n")}\n` +
      'A script is a JSON array of replies: { "text"?: string, "calls"?: [{ "name": string, "input": object }] }; ' +
      'or { "agents": { "plan": [replies], … } }.',
  );
}

function isByAgent(json: unknown): boolean {
  return json !== null && typeof json === "object" && "agents" in json;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new Error(`There is no script at ${file}.`);
    throw new Error(`The script ${file} can't be read: ${message}`);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const before = text.slice(0, findFault(text)).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new Error(`The script ${file} is not valid JSON at ${place}: ${(error as Error).message}`);
  }
}

/** The parser does not always say where a fault is. It is where a text stops being the beginning of some JSON. */
function findFault(text: string): number {
  let [sound, broken] = [0, text.length + 1];
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (mayGoOn(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  return sound;
}

function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const [, position] = message.match(/at position (\d+)/) ?? [];
    return message.includes("end of JSON input") || Number(position) >= text.length;
  }
}

function placeOf(path: PropertyKey[]): string {
  if (path.length === 0) return "";
  const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return `${place.replace(/^\./, "")}: `;
}
