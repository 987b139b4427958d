import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, parseDuration } from "../src/index.js";

test("the largest unit comes first, empty ones are left out", () => {
  assert.equal(formatDuration(5_400_000), "1h 30m");
  assert.equal(formatDuration(86_400_250), "1d 250ms");
  assert.equal(formatDuration(0), "0s");
});

test("a negative duration has one minus sign in front", () => {
  assert.equal(formatDuration(-5_400_000), "-1h 30m");
});

test("what was written can be read again", () => {
  for (const milliseconds of [1, 999, 61_000, 5_400_000, 694_861_001, -45_000, -5_400_000]) {
    assert.equal(parseDuration(formatDuration(milliseconds)), milliseconds);
  }
});
