import { PassThrough } from "node:stream";
import { expect, test } from "@jest/globals";
import { createOutput } from "./output.ts";

type Surroundings = { isTTY?: boolean; env?: NodeJS.ProcessEnv; isJson?: boolean };

function open({ isTTY = true, env = {}, isJson = false }: Surroundings = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()].map((stream) =>
    Object.assign(stream.setEncoding("utf8"), { isTTY, columns: 90 }),
  ) as unknown as [NodeJS.WriteStream, NodeJS.WriteStream];
  const output = createOutput({ stdout, stderr, env }, isJson);
  return { output, printed: () => ({ stdout: stdout.read(), stderr: stderr.read() }) };
}

test.each<[string, Surroundings, string]>([
  ["on a terminal", {}, "\u001b[31mno\u001b[39m"],
  ["in a pipe", { isTTY: false }, "no"],
  ["with NO_COLOR", { env: { NO_COLOR: "1" } }, "no"],
  ["on a terminal that can't", { env: { TERM: "dumb" } }, "no"],
  ["in a pipe that is told to", { isTTY: false, env: { FORCE_COLOR: "1" } }, "no"],
  ["for programs", { isJson: true }, "no"],
])("a text is coloured only on a terminal, and never with NO_COLOR: %s", (_where, surroundings, text) => {
  expect(open(surroundings).output.paint("red", "no")).toBe(text);
});

test("people get remarks and complaints on standard error, without what a terminal would act on", () => {
  const { output, printed } = open();
  output.say({ text: "yes", json: {} });
  output.remark("by the way");
  output.complain("no\u001b[2J");
  expect(printed()).toEqual({ stdout: "yes\n", stderr: "by the way\nno\n" });
});

test("programs get nothing but JSON, also of what is wrong", () => {
  const { output, printed } = open({ isJson: true });
  output.say({ text: "yes", json: { a: 1 } });
  output.remark("by the way");
  output.complain("no");
  expect(printed()).toEqual({ stdout: '{"a":1}\n{"error":"no"}\n', stderr: null });
});
