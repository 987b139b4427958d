import { expect, test } from "@jest/globals";
import { type EventMatch, matchesEvent, namesOf } from "./matches-event.ts";

const payload = {
  action: "closed",
  pull_request: { number: 7, merged: true, milestone: null, labels: [{ name: "urgent" }] },
};

test.each<[string, EventMatch, boolean]>([
  ["nothing in particular", {}, true],
  ["a number", { "pull_request.number": 7 }, true],
  ["several values", { action: "closed", "pull_request.merged": true }, true],
  ["a part of a list", { "pull_request.labels.0.name": "urgent" }, true],
  ["a null", { "pull_request.milestone": null }, true],
  ["the text of a number", { "pull_request.number": "7" }, false],
  ["one value of two", { action: "closed", "pull_request.merged": false }, false],
  ["a null at a path that is missing", { "pull_request.assignee": null }, false],
  ["a path through a null", { "pull_request.milestone.title": "x" }, false],
  ["a path through a text", { "action.length": 6 }, false],
  ["what every object inherits", { "pull_request.constructor.name": "Object" }, false],
])("a match of %s", (_name, match, expected) => {
  expect(matchesEvent(payload, match)).toBe(expected);
});

test("an event goes by its name, and by its name with its action", () => {
  expect(namesOf("pull_request", payload)).toEqual(["pull_request", "pull_request.closed"]);
  expect(namesOf("push", { ref: "refs/heads/main" })).toEqual(["push"]);
  expect(namesOf("push", null)).toEqual(["push"]);
});
