import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readScript } from "./read-script.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-script-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function faultOf(text: string): Promise<string> {
  const file = join(folder, "replies.json");
  await writeFile(file, text);
  return readScript(file).then(
    () => "no fault",
    (error: Error) => error.message.replaceAll(file, "FILE"),
  );
}

test("a reply has a text, calls or both", async () => {
  const file = join(folder, "replies.json");
  const call = { name: "readFile", input: { path: "README.md" } };
  await writeFile(
    file,
    JSON.stringify([{ text: "Done." }, { calls: [call] }, { text: "Reading.", calls: [call] }]),
  );
  expect(await readScript(file)).toEqual([
    { text: "Done.", calls: [] },
    { text: "", calls: [call] },
    { text: "Reading.", calls: [call] },
  ]);
});

test("a script that is not there is named", async () => {
  await expect(readScript("/nowhere/replies.json")).rejects.toThrow(
    "There is no script at /nowhere/replies.json.",
  );
});

test("a folder in place of a script is named", async () => {
  await expect(readScript(folder)).rejects.toThrow(`The script ${folder} can't be read: EISDIR`);
});

test.each([
  ['[{ "text": "a" },\n }]', "line 2, column 2"],
  ['[{ "text": "a" }\n  { "text": "b" }]', "line 2, column 3"],
  ['[{ "text": "a" },\n{ "text": "b" },\n]', "line 3, column 1"],
  ['[{ "text": "a\nb" }]', "line 1, column 14"],
  ["[{ \"text\": 'a' }]", "line 1, column 12"],
  ['[{ "text": "a"', "line 1, column 15"],
  ["[] []", "line 1, column 4"],
  ["", "line 1, column 1"],
])("the place of the fault is named in the invalid JSON %j", async (text, place) => {
  expect(await faultOf(text)).toContain(`FILE is not valid JSON at ${place}:`);
});

test.each([
  ['{ "text": "a" }', "expected an array of replies"],
  ["[]", "expected at least one reply"],
  ['[{ "text": "a" }, {}]', "[1]: expected `text`, `calls` or both"],
  ['[{ "text": "" }]', "[0]: expected `text`, `calls` or both"],
  ['[{ "text": "a", "tools": [] }]', '[0]: Unrecognized key: "tools"'],
  ['[{ "calls": [{ "name": "readFile" }] }]', "[0].calls[0].input:"],
  ['[{ "calls": [{ "name": "readFile", "input": "a" }] }]', "[0].calls[0].input:"],
  [
    '[{ "calls": [{ "name": "workspace.readFile", "input": {} }] }]',
    "[0].calls[0].name: expected a tool's name",
  ],
  ['[{ "text": 5 }]', "[0].text:"],
])("the script %s is refused with the place of its fault", async (text, fault) => {
  expect(await faultOf(text)).toContain(fault);
});

test("all faults of a script are named at once", async () => {
  const fault = await faultOf('[{ "text": 1 }, { "calls": [{ "input": {} }] }]');
  expect(fault).toContain("[0].text");
  expect(fault).toContain("[1].calls[0].name");
});
