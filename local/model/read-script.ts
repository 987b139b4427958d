import { readFile } from "node:fs/promises";
import { ByAgent, ByCase, Entries, Obedient, type Script } from "./script.ts";

/** Reads a script. Throws one error that names the file and every fault in it, by index and key. */
export async function readScript(file: string): Promise<Script> {
  const json = parseJson(await readText(file), file);
  const parsed = schemaFor(json).safeParse(json);
  if (parsed.success) return parsed.data;

  const faults = parsed.error.issues.map(({ path, message }) => `  ${placeOf(path)}${message}`);
  throw new Error(
    `The script ${file} can't be used:\n${faults.join("\n")}\n` +
      'A script is a JSON array of replies: { "text"?: string, "calls"?: [{ "name": string, "input": object }] }; ' +
      'or { "agents": { "plan": [replies], … } }; or { "cases": { "a name": [replies], … } }.',
  );
}

function schemaFor(json: unknown) {
  if (json === null || typeof json !== "object") return Entries;
  if ("agents" in json) return ByAgent;
  if ("cases" in json) return ByCase;
  return "obedient" in json ? Obedient : Entries;
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
