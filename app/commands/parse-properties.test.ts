// What holds of the parser for every comment.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseCommands } from "./parse.ts";

const command = "/afu9 run it";
/** Words of which texts are made that look like what the parser knows. */
const pieces = [
  ...[
    "/afu9",
    "/afu9 run",
    "@afu-9 ",
    "run",
    " ",
    "    ",
    "\t",
    "\n",
    "\r\n",
    "\n\n",
    ">",
    "- ",
    "1. ",
    "# ",
  ],
  ...["`", "``", "```", "````", "~~~", "\\", "<!--", "-->", "<pre>", "</pre>", "<details>", "</details>"],
  ...["-----Original Message-----", "\u200B", "／", "＠", "\u3000", "\uD800", "x", "ß", "😀"],
];
const noise = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(""));
const anyText = fc.oneof(
  noise,
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme" }),
);

/** Lines that open and close nothing. */
const plainLine = fc.constantFrom(
  "",
  "Text.",
  "- an item",
  "a `b` c",
  "<b>x</b>",
  "Don't.",
  "<!-- hidden -->",
);
const inside = fc.array(fc.constantFrom(command, "", "text", "  text", "@afu-9 run"), {
  minLength: 1,
  maxLength: 4,
});
const indented = (mark: string) => inside.map((lines) => lines.map((line) => mark + line));
const between = (open: string, close: string) => inside.map((lines) => [open, ...lines, close]);
/** Blocks that show what is in them, and say nothing. */
const shown = fc.oneof(
  indented("> "),
  indented(">"),
  indented("    "),
  indented("\t"),
  between("```", "```"),
  between("```sh", "````"),
  between("~~~~", "~~~~"),
  between("<!--", "-->"),
  between("<pre>", "</pre>"),
  between("<details><summary>Log</summary>", "</details>"),
  between("<blockquote>", "</blockquote>"),
  fc
    .constantFrom([["Type `this", command, "that`."]], [["``", command, "` x ``"]])
    .map(([lines = []]) => lines),
  fc
    .constantFrom(`\`${command}\``, `Type ${command}.`, `- ${command}`, `x<!--`, `<!-- ${command} -->`)
    .map((line) => [line]),
);
const block = fc.oneof(
  shown.map((lines) => ({ lines: ["", ...lines, ""], said: 0 })),
  fc.array(plainLine, { maxLength: 3 }).map((lines) => ({ lines: ["", ...lines, ""], said: 0 })),
  fc
    .constantFrom(command, `  ${command}  `, "@afu-9 run it", "／afu9 run it")
    .map((line) => ({ lines: [line], said: 1 })),
);

test("no text makes it throw, and what it finds stands in the text", () => {
  fc.assert(
    fc.property(anyText, (comment) => {
      for (const { said, name, rest, below } of parseCommands(comment, "afu-9")) {
        expect(comment).toContain(rest);
        expect(said.endsWith(rest)).toBe(true);
        expect(name).not.toMatch(/\s/);
        expect(comment.replaceAll(/\r\n?/g, "\n")).toContain(below);
      }
    }),
    { numRuns: 2000 },
  );
});

test("it finds what is said, and nothing of what is quoted, code or hidden", () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), (blocks, end) => {
      const comment = blocks.flatMap(({ lines }) => lines).join(end);
      const said = blocks.reduce((sum, one) => sum + one.said, 0);
      expect(parseCommands(comment, "afu-9").map(({ name }) => name)).toEqual(Array(said).fill("run"));
    }),
    { numRuns: 2000 },
  );
});

test("a quote of any comment holds no command", () => {
  fc.assert(
    fc.property(anyText, (comment) => {
      const quote = comment.split(/\r\n|\n|\r/).map((line) => `> ${line}`);
      expect(parseCommands(quote.join("\n"), "afu-9")).toEqual([]);
    }),
  );
});

/** Four times what GitHub takes, in milliseconds: the less of two runs, as the machine has other things to do. */
function time(part: string): number {
  const length = 4 * 65_536;
  const comment = part.repeat(Math.ceil(length / part.length)).slice(0, length);
  const runs = [1, 2].map(() => {
    const start = performance.now();
    parseCommands(comment, "afu-9");
    return performance.now() - start;
  });
  return Math.min(...runs);
}

test("the time that it takes grows with the length only", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }), (parts) => {
      // What takes quadratic time takes a minute here, and what is linear some hundredths of a second.
      expect(time(parts.join(""))).toBeLessThan(4000);
    }),
    { numRuns: 50 },
  );
}, 60_000);

test.each([
  ["backticks", "`".repeat(500_000)],
  ["backticks in runs of every length", Array.from({ length: 1000 }, (_, n) => "`".repeat(n)).join(" ")],
  ["tildes and a word", `${"~".repeat(500_000)}x`],
  ["fences", "```\n".repeat(100_000)],
  ["hidden comments that are not closed", "<!--".repeat(100_000)],
  ["hidden comments in a text", "x <!--".repeat(100_000)],
  ["tags", `${"<pre>".repeat(100_000)}\n`.repeat(2)],
  ["spaces", `/afu9${" ".repeat(500_000)}x`],
  ["spaces before anything", `${" ".repeat(500_000)}\u200B`.repeat(2)],
  ["one word", `/afu9 ${"x".repeat(500_000)}`],
  ["commands", "/afu9 run\n".repeat(50_000)],
])("a large comment of %s is read in no time", (_name, comment) => {
  // What takes quadratic time here takes minutes, which jest's limit ends.
  parseCommands(comment, "afu-9");
});
