import { expect, test } from "@jest/globals";
import { replaceExactly } from "./replace-exactly.ts";

const file = "function add(a, b) {\n  return a - b;\n}\n\nfunction twice(a) {\n  return add(a, a);\n}\n";
const replace = (oldText: string, newText = "x", replaceAll = false, text = file) =>
  replaceExactly(text, { path: "add.js", oldText, newText, replaceAll });

test("a text that occurs once is replaced", () => {
  expect(replace("a - b", "a + b")).toEqual({ text: file.replace("a - b", "a + b"), lines: [2] });
});

test("every occurrence is replaced when that is asked for, and the lines are told", () => {
  const { text, lines } = replace("return", "give", true);
  expect(text).toBe(file.replaceAll("return", "give"));
  expect(lines).toEqual([2, 6]);
});

test("lines are counted rightly when the text spans several", () => {
  expect(replace("a\nb\n", "", true, "a\nb\na\nb\nc\na\nb\n").lines).toEqual([1, 3, 6]);
});

test("a text that occurs twice is refused with its lines and what to do", () => {
  expect(() => replace("return")).toThrow(
    "2 times, at lines 2, 6. Add lines around it until it occurs once, or set replaceAll",
  );
});

test("a text that differs in white space is refused with the lines as they are", () => {
  expect(() => replace("function add(a, b) {\n\treturn a  - b;\n}")).toThrow(
    "differ from it only in white space; copy them exactly:\n(from line 1)\nfunction add(a, b) {\n  return a - b;\n}",
  );
});

test("a text that is somewhat like lines of the file is refused with those lines", () => {
  expect(() => replace("function add(a, b) {\n  return b - a;\n}")).toThrow(
    "The nearest lines are these; copy from them exactly:\n(from line 1)",
  );
});

test("a text that is like nothing in the file is refused with what to do", () => {
  expect(() => replace("class Adder")).toThrow("Read the file with readFile");
});

test("a file with CRLF line ends takes a text with LF", () => {
  expect(replace("a\nb", "c\nd", false, "a\r\nb\r\n").text).toBe("c\r\nd\r\n");
});
