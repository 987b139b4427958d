// What GitHub is asked for a whole run, counted: its limits are shared by all that the App does for an owner.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RequestRecord } from "../../local/github/observed.ts";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript, plan } from "../sample.ts";
import { startModels } from "../scripted-models.ts";
import { type System, startSystem } from "../system.ts";

const issueOf = { owner: "acme", repo: "sample" };
const agents = { plan, implement: goodScript.slice(plan.length) };
const slow = 240_000;
/** How far the first run may go: its setup, its plan, its change. */
const gates = { setup: "", plan: Promise.withResolvers<void>(), implement: Promise.withResolvers<void>() };
let folder: string;
let models: Awaited<ReturnType<typeof startModels>>;
let system: System;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-gate-"));
  gates.setup = join(folder, "open");
  models = await startModels([{ when: "", script: { agents } }], {
    beforeTurn: (turn) => (turn <= plan.length ? gates.plan.promise : gates.implement.promise),
  });
  const config = `setup: until test -e ${gates.setup}; do sleep 0.1; done\nverify: node --test\n`;
  system = await startSystem({
    script: { agents },
    files: { ...buggyRepository, ".github/afu9.yml": config },
    env: { ANTHROPIC_BASE_URL: models.url },
  });
  await eventually("the labels that are made on installation", async () => {
    const { data } = await system.maintainer.rest.issues.listLabelsForRepo(issueOf);
    return data.filter(({ name }) => name.startsWith("afu9")).length === 7 ? true : undefined;
  });
}, slow);
afterAll(async () => {
  await system?.close();
  await models?.close();
  await rm(folder, { recursive: true, force: true });
});

type Issue = { number: number };
const create = async (labels: string[]): Promise<Issue> =>
  (
    await system.maintainer.rest.issues.create({
      ...{ ...issueOf, title: "add(2, 2) is 0", body: "It should be 4.", labels },
    })
  ).data;

/** Waits until the sticky comment shows a step at work. */
const shows = ({ number }: Issue, step: string) =>
  eventually(`the comment to show "${step}" at work`, async () => {
    const { data } = await system.maintainer.rest.issues.listComments({ ...issueOf, issue_number: number });
    return data.some(({ body }) => body?.includes(`⏳ ${step}`)) ? true : undefined;
  });

/** What the App asked of GitHub until a run was over, without git, its token, and tokens. */
async function askedUntilEnd({ number }: Issue): Promise<RequestRecord[]> {
  expect((await system.finished(number)).status).toBe("succeeded");
  const asked = await system.github.requests();
  return asked.filter(
    ({ actor, path }) => actor.startsWith("installation:") && path !== "/installation/token",
  );
}

const line = ({ method, path }: RequestRecord) =>
  `${method} ${path.replace("/repos/acme/sample", "").replace(/\/\d+(?=\/|$)/g, "/*")}`;
/** Asked for once in five minutes for all of an owner's repositories. */
const isOwners = ({ path }: RequestRecord) => path.startsWith("/repos/acme/.github/");

/** A count that is wrong fails with what was asked, by its kind. */
const kindsOf = (asked: RequestRecord[]) => {
  const counts = new Map<string, number>();
  for (const one of asked.map(line).sort()) counts.set(one, (counts.get(one) ?? 0) + 1);
  return Object.fromEntries(counts);
};

test(
  "a run whose progress is shown three times takes twelve requests at most, and creates a comment and a pull request",
  async () => {
    await system.github.forgetRequests();
    const issue = await create(["afu9"]);
    await shows(issue, "Check out the repository");
    await writeFile(gates.setup, "");
    await shows(issue, "Plan the change");
    gates.plan.resolve();
    await shows(issue, "Write and verify the change");
    gates.implement.resolve();
    const all = await askedUntilEnd(issue);

    const asked = all.filter((one) => !isOwners(one));
    expect(all.length - asked.length).toBeLessThanOrEqual(1);
    const kinds = kindsOf(asked);
    expect(kinds).toEqual({
      "GET /collaborators/maintainer/permission": 1,
      "GET /contents/.github%2Fafu9.yml": 1,
      "POST /git/refs": 1,
      "POST /graphql": kinds["POST /graphql"],
      "POST /pulls": 1,
    });
    // The issue, the commit, and the report when it begins, thrice on the way at least, and when it ends.
    expect(kinds["POST /graphql"]).toBeGreaterThanOrEqual(7);
    expect({ ...kinds, isMuch: asked.length > 12 }).toEqual({ ...kinds, isMuch: false });
    const created = asked.filter(({ contentCreating }) => contentCreating);
    expect(kindsOf(created)).toEqual({ "POST /graphql": 1, "POST /pulls": 1 });
  },
  slow,
);

test(
  "a command's reactions take one request more, and what was read before is asked for by its tag: GitHub says that it is the same",
  async () => {
    await system.github.forgetRequests();
    const issue = await create([]);
    const { data: comment } = await system.maintainer.rest.issues.createComment({
      ...{ ...issueOf, issue_number: issue.number, body: "/afu9 run" },
    });
    const asked = await askedUntilEnd(issue);
    const kinds = kindsOf(asked.filter((one) => !isOwners(one)));
    expect(Object.values(kinds).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(12);
    expect(kinds).toMatchObject({ "POST /git/refs": 1, "POST /pulls": 1 });
    expect(kinds["POST /graphql"]).toBeGreaterThanOrEqual(5);

    const { data: reactions } = await system.maintainer.rest.reactions.listForIssueComment({
      ...{ ...issueOf, comment_id: comment.id },
    });
    expect(reactions.map(({ content }) => content).sort()).toEqual(["eyes", "hooray", "rocket"]);
    const read = asked.filter(({ method }) => method === "GET");
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter(({ status }) => status === 304).length / read.length).toBeGreaterThanOrEqual(0.8);
  },
  slow,
);
