import { expect, test } from "@jest/globals";
import { policySettings } from "./policy-settings.ts";
import { type Maker, openedBy, type Standing, standingOf } from "./standing.ts";

const policy = policySettings.parse({ AFU9_ALLOWED_BOTS: "29139614, 8", AFU9_ALLOWED_APPS: "3" });
const known = { appId: 99, policy };
const person = { id: 7, type: "User" };
const renovate = { id: 29139614, type: "Bot" };
const stranger = { id: 9, type: "Bot" };

test.each<[string, { id: number; type: string }, Maker | undefined, Standing]>([
  ["a person", person, { user: person, performed_via_github_app: null }, "person"],
  [
    "a person through an App that is let in",
    person,
    { user: person, performed_via_github_app: { id: 3 } },
    "person",
  ],
  ["an App in a person's name", person, { user: person, performed_via_github_app: { id: 4 } }, "app"],
  ["this App in a person's name", person, { user: person, performed_via_github_app: { id: 99 } }, "own"],
  ["this App", stranger, { user: stranger, performed_via_github_app: { id: 99 } }, "own"],
  ["a bot", stranger, { user: stranger, performed_via_github_app: null }, "bot"],
  ["a bot that is let in", renovate, { user: renovate, performed_via_github_app: { id: 2740 } }, "let-in"],
  ["a bot that is let in and sets a label", renovate, undefined, "let-in"],
  ["a bot that is let in, about what another wrote", renovate, { user: stranger }, "bot"],
  ["a person who has the id of a bot that is let in", { ...renovate, type: "User" }, undefined, "person"],
  ["a person who seems to send what a bot wrote", person, { user: renovate }, "bot"],
])("%s", (_name, sender, made, standing) => {
  expect(standingOf(sender, known, made)).toBe(standing);
});

test("an App that opened an issue in a person's name is told, unless the operator knows it", () => {
  const opened = (id: number, user: { type: string } = person) =>
    openedBy({ user, performed_via_github_app: { id } }, known);
  expect([opened(99), opened(4), opened(3), opened(4, stranger)]).toEqual([
    "own",
    "app",
    undefined,
    undefined,
  ]);
  expect(openedBy({ user: person, performed_via_github_app: null }, known)).toBeUndefined();
});

test("ids are numbers with commas between them", () => {
  expect([...policy.AFU9_ALLOWED_BOTS]).toEqual([29139614, 8]);
  for (const text of ["renovate[bot]", "1,,2", "1;2", "-1"])
    expect(policySettings.safeParse({ AFU9_ALLOWED_BOTS: text }).success).toBe(false);
});
