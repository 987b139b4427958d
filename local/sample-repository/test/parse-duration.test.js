import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../src/index.js";

test("a number with a unit", () => {
  assert.equal(parseDuration("250ms"), 250);
  assert.equal(parseDuration("2.5s"), 2_500);
  assert.equal(parseDuration("1w"), 604_800_000);
});

test("several units, with or without spaces", () => {
  assert.equal(parseDuration("1h 30m"), 5_400_000);
  assert.equal(parseDuration("1h30m"), 5_400_000);
  assert.equal(parseDuration(" 1 d 12 h "), 129_600_000);
});

test("a negative duration", () => {
  assert.equal(parseDuration("-45s"), -45_000);
});

test("what is no duration is a SyntaxError", () => {
  for (const text of ["", "  ", "90", "1x", "h", "1h and 30m", "1h 2h"]) {
    assert.throws(() => parseDuration(text), SyntaxError, text);
  }
});
