import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { McpCaller } from "../../test/connect-mcp.ts";
import { startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";

let system: TestWorkspace;
let caller: McpCaller;
const eachBytes = 120_000_000;
beforeAll(async () => {
  system = await startTestWorkspace("none", { outputLimits: { eachBytes, allBytes: 2 * eachBytes } });
  ({ caller } = await system.open("outputs", { "a.txt": "a" }));
});
afterAll(() => system.close());

type Ran = { output: string; outputId?: string; note?: string; exitCode: number };
type Page = { text: string; nextOffset?: number; totalBytes: number };
const run = (command: string) => caller.call<Ran>("runCommand", { command });
const page = (id: string | undefined, offset?: number) =>
  caller.call<Page>("readOutput", { id, ...(offset !== undefined && { offset }) });
const kept = () => readdirSync(join(system.root, "outputs/outputs"));

test("a short output is not kept", async () => {
  expect(await run("echo short")).not.toHaveProperty("outputId");
  expect(kept()).toEqual([]);
});

test("a long output is read page by page, and the pages make the whole", async () => {
  const { output, outputId, note } = await run("for i in $(seq 20000); do echo é$i; done");
  expect(output).toContain("characters left out");
  expect(note).toContain("readOutput");

  let whole = "";
  for (let next: number | undefined = 0; next !== undefined; ) {
    const { text, nextOffset }: Page = await page(outputId, next);
    whole += text;
    next = nextOffset;
  }
  expect(whole).toBe(Array.from({ length: 20_000 }, (_, at) => `é${at + 1}\n`).join(""));
});

test("an output of 100 MB is kept to its end, and the server's memory does not grow with it", async () => {
  const before = process.memoryUsage().rss;
  const { outputId } = await run("yes 0123456789 | head -c 100000000; echo; echo the end");
  expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);

  const { totalBytes, text, nextOffset } = await page(outputId, 99_999_990);
  expect(totalBytes).toBe(100_000_009);
  expect(text).toMatch(/\nthe end\n$/);
  expect(nextOffset).toBeUndefined();
});

test("of an output beyond the bound the beginning is kept, and of many outputs the last ones", async () => {
  for (let times = 0; times < 3; times++) {
    const { note, exitCode } = await run("yes | head -c 130000000");
    expect({ note, exitCode }).toEqual({
      exitCode: 0,
      note: expect.stringContaining(`first ${eachBytes} bytes are kept`),
    });
  }
  const sizes = kept().map((name) => statSync(join(system.root, "outputs/outputs", name)).size);
  expect(sizes).toEqual([eachBytes, eachBytes]);
});

test("what is no text is shown as well as it can be", async () => {
  const { outputId } = await run("head -c 90000 /dev/zero | tr '\\0' '\\377'");
  const { nextOffset, text } = await page(outputId);
  expect(text.length).toBe(30_000);
  expect(nextOffset).toBe(30_000);
});

test.each(["nothing", "../state.json", "m0000000-0123abcd", "-n"])("there is no output %j", async (id) => {
  expect(await caller.refused("readOutput", { id })).toContain("There is no output");
});

test("an offset behind the end is refused with where that is", async () => {
  const { outputId } = await run("seq 10000");
  expect(await caller.refused("readOutput", { id: outputId, offset: 48_894 })).toContain("has 48894 bytes");
});
