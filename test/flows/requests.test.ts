// What GitHub is asked for a whole run, counted: its limits are shared by all that the App does for an owner.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../local/github/observed.ts";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript, plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const issueOf = { owner: "acme", repo: "sample" };
const agents = { plan, implement: goodScript.slice(plan.length) };
const slow = 240_000;
let system: System;
beforeAll(async () => {
  system = await startSystem({ script: { agents }, files: buggyRepository });
  await eventually("the labels that are made on installation", async () => {
    const { data } = await system.maintainer.rest.issues.listLabelsForRepo(issueOf);
    return data.filter(({ name }) => name.startsWith("afu9")).length === 7 ? true : undefined;
  });
}, slow);
afterAll(() => system?.close());

/** Runs an issue to its pull request. Gives what the App asked of GitHub for it, without git, its token, and tokens. */
async function run(): Promise<{ asked: RequestRecord[]; seconds: number }> {
  await system.github.forgetRequests();
  const { data: issue } = await system.maintainer.rest.issues.create({
    ...{ ...issueOf, title: "add(2, 2) is 0", body: "It should be 4.", labels: ["afu9"] },
  });
  const { status, startedAt, finishedAt } = await system.finished(issue.number);
  expect(status).toBe("succeeded");
  const asked = (await system.github.requests()).filter(
    ({ actor, path }) => actor.startsWith("installation:") && path !== "/installation/token",
  );
  return { asked, seconds: (Number(finishedAt) - Number(startedAt)) / 1_000 };
}

const line = ({ method, path }: RequestRecord) =>
  `${method} ${path.replace("/repos/acme/sample", "").replace(/\/\d+(?=\/|$)/g, "/*")}`;
/** Asked for once in five minutes for all of an owner's repositories. */
const isOwners = ({ path }: RequestRecord) => path.startsWith("/repos/acme/.github/");
const isUpdate = (one: RequestRecord) => line(one) === "PATCH /issues/comments/*";

test(
  "a run takes twelve requests, and one for each time that its progress is shown, and creates a comment and a pull request",
  async () => {
    const { asked: all, seconds } = await run();
    const asked = all.filter((one) => !isOwners(one));
    expect(all.length - asked.length).toBeLessThanOrEqual(1);
    const updates = asked.filter(isUpdate);
    expect([...asked.filter((one) => !isUpdate(one)), ...updates.slice(-1)].map(line).sort()).toEqual([
      "DELETE /issues/*/labels/afu9%2Frunning",
      "GET /collaborators/maintainer/permission",
      "GET /contents/.github%2Fafu9.yml",
      "PATCH /issues/comments/*",
      "POST /check-runs",
      "POST /git/refs",
      "POST /graphql",
      "POST /graphql",
      "POST /issues/*/comments",
      "POST /issues/*/labels",
      "POST /issues/*/labels",
      "POST /pulls",
    ]);
    expect(updates.length - 1).toBeLessThanOrEqual(Math.ceil(seconds / 10));
    expect(asked.filter(({ contentCreating }) => contentCreating)).toHaveLength(2);
  },
  slow,
);

test(
  "what was read for an earlier run is asked for again by its tag, and GitHub says that it is the same",
  async () => {
    const { asked } = await run();
    const read = asked.filter(({ method }) => method === "GET");
    expect(read.length).toBeGreaterThan(0);
    const known = read.filter(({ status }) => status === 304);
    expect(known.length / read.length).toBeGreaterThanOrEqual(0.8);
  },
  slow,
);
