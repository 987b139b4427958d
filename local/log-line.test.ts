import { stripVTControlCharacters } from "node:util";
import { expect, test } from "@jest/globals";
import { jsonLog, prettyLog } from "./log-line.ts";

const line =
  '{"level":"info","timestamp":"2026-01-05T09:00:01.000Z","service":"app","url":"http://x","count":2,"message":"listening"}';
const pretty = (text: string) => stripVTControlCharacters(prettyLog("app", text));

test("a log line becomes one line for people", () => {
  expect(pretty(line)).toBe("09:00:01 app           listening url=http://x count=2");
});

test("any other line keeps its text", () => {
  expect(pretty("Warning: {")).toBe("         app           Warning: {");
  expect(pretty("{ not json")).toBe("         app           { not json");
});

test("for programs every line is JSON", () => {
  expect(jsonLog("app", line)).toBe(line);
  expect(JSON.parse(jsonLog("app", "Warning"))).toMatchObject({ service: "app", message: "Warning" });
});
