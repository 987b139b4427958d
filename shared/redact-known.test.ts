// The secrets that a process knows: whole and in pieces, in every way to write them, and nothing else.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createRedact } from "./redact.ts";

const ofLetters = (letters: string, minLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength: 64 });
const lower = "abcdefghijklmnopqrstuvwxyz";
const alphabets = {
  hexadecimal: "0123456789abcdef",
  "Base64's": `${lower}${lower.toUpperCase()}0123456789+/`,
  "letters and digits": `${lower}${lower.toUpperCase()}0123456789`,
  "all kinds of characters": `${lower}${lower.toUpperCase()}0123456789!"#$%&'()*+,-./:;<=>?@[\\]^_{|}~é`,
};

/** Drawn evenly, as secrets are: fast-check's own choice of plain texts has none. */
const secret = fc
  .noBias(fc.oneof(...Object.values(alphabets).map((letters) => fc.noShrink(ofLetters(letters, 24)))))
  .filter((text) => !text.includes("://"));

const reverse = (text: string) => [...text].reverse().join("");
const hex = (text: string) => Buffer.from(text).toString("hex");
const base64 = (text: string) => Buffer.from(text).toString("base64").replace(/=+$/, "");
const ways: [string, (text: string) => string][] = [
  ["as it is", (text) => text],
  ["backwards", reverse],
  ["in JSON", (text) => JSON.stringify(text).slice(1, -1)],
  ["in JSON in JSON", (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
  ["in an address", encodeURIComponent],
  ["in an address, all of it", (text) => hex(text).replace(/../g, "%$&")],
  ["in hexadecimal digits", hex],
  ["in capital hexadecimal digits", (text) => hex(text).toUpperCase()],
  ["in Base64", base64],
  ["in Base64 for addresses", (text) => Buffer.from(text).toString("base64url")],
  ["backwards in Base64", (text) => base64(reverse(text))],
  ["in Base64 backwards", (text) => reverse(base64(text))],
  ["backwards in hexadecimal digits", (text) => hex(reverse(text))],
];

/** The longest run that two texts share: what is left of a secret. */
function shared(text: string, secret: string): number {
  let longest = 0;
  for (let at = 0; at < secret.length; at++)
    while (text.includes(secret.slice(at, at + longest + 1)) && at + longest < secret.length) longest += 1;
  return longest;
}

describe.each(ways)("a secret %s", (_name, write) => {
  test("is removed whatever stands around it", () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (known, before, after) => {
        const shown = createRedact([known]).text(`${before} ${write(known)} ${after}`);
        expect(shown).toContain("[removed]");
        expect(shared(shown, write(known))).toBeLessThan(8);
      }),
      { numRuns: 60 },
    );
  });
});

test("a secret in Base64 is found wherever it begins in what was written so", () => {
  fc.assert(
    fc.property(secret, fc.nat(5), fc.string(), (known, before, after) => {
      const written = base64("x".repeat(before) + known + after);
      expect(shared(createRedact([known]).text(written), base64(known))).toBeLessThan(8);
    }),
    { numRuns: 60 },
  );
});

test.each(ways)("of a secret %s each piece of 8 characters is removed, given alone", (_name, write) => {
  fc.assert(
    fc.property(secret, (known) => {
      const redact = createRedact([known]);
      for (let at = 0; at + 8 <= known.length; at += 8) {
        const piece = known.slice(at, at + 8);
        // Too plain to be told from any other text: docs/security.md.
        if (new Set(piece).size < 4 || !/\d/.test(piece) || !/[a-z]/i.test(piece)) continue;
        expect(redact.text(`Piece ${at}: ${write(piece)}.`)).toContain("[removed]");
      }
    }),
    { numRuns: 60 },
  );
});

test("what was redacted stays as it is", () => {
  fc.assert(
    fc.property(secret, fc.array(fc.oneof(fc.string(), fc.nat(50))), (known, parts) => {
      const redact = createRedact([known]);
      const text = parts.map((part) => (typeof part === "string" ? part : known.slice(part))).join(" ");
      expect(redact.text(redact.text(text))).toBe(redact.text(text));
    }),
  );
});

const ordinary = [
  "postgres localhost 00000000 aaaaaaaa abababab 12345678 87654321 abcdefgh 20261127 2026-11-27T16:20:00Z",
  "node_modules/@octokit/plugin-throttling/dist-types/index.d.ts",
  "9785e05c8c8b2a4e0f1d3c5b7a9e8d6f4c2b1a09 0123456789abcdef",
  "sk-ant-api03-… is what Anthropic's keys begin with, and ghp_, github_pat_ what GitHub's do",
  "A phrase of words is a secret: not each of its words, like password, database, production or secret.",
].join("\n");

test.each([
  "postgresql://postgres:postgres@localhost:5432/postgres",
  "postgresql://afu9:password-of-the-database-in-production@db.example.com/afu9",
  "the secret of all the servers here",
  "a secret for tests only",
  "sk-ant-api03-q7Xv9ZtR2kLmW8pYc4JdN6sBf1HgT5uA",
  "aaaaaaaaaaaaaaaa00000000",
])("ordinary text stays as it is, whatever the secret: %s", (setting) => {
  expect(createRedact([setting]).text(ordinary)).toBe(ordinary);
});

test("text that has nothing to do with the secrets is left alone", () => {
  fc.assert(
    fc.property(fc.array(secret, { maxLength: 3 }), fc.lorem({ mode: "sentences" }), (known, text) => {
      expect(createRedact(known).text(text)).toBe(text);
    }),
  );
});

test("a value that must leave as it is can be asked whether it holds a secret", () => {
  const redact = createRedact(["q7Xv9ZtR2kLmW8pYc4JdN6sBf1HgT5uA"]);
  const content = base64("// the key is q7Xv9ZtR2kLm\n");
  expect(redact.holdsSecret([{ path: "a.ts", content }])).toBe(true);
  expect(redact.holdsSecret({ "q7Xv9ZtR2kLm.ts": 1 })).toBe(true);
  expect(redact.holdsSecret([{ path: "a.ts", content: base64(ordinary) }, null, 7])).toBe(false);
});
