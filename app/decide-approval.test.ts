import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { commented, fakeDeps } from "../test/fake-context.ts";
import { addExecution } from "../test/rows.ts";
import { onIssueComment } from "./handlers/issue-comment.ts";

type Happening = Parameters<typeof commented>[0];
type Row = Awaited<ReturnType<typeof addExecution>>;

const nudged: string[] = [];
const queues = {
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  waiting: async () => 0,
  work() {},
  close: async () => {},
};
const first = `aaaaaaaa${"0".repeat(56)}`;
const second = `bbbbbbbb${"0".repeat(56)}`;
let database: TestDatabase;
let db: Database;
let replies: string[];
let execution: Row;
let deliveries = 0;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
});
beforeEach(async () => {
  replies = [];
  nudged.length = 0;
  execution = await addExecution(db, { status: "waiting", dueAt: null });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

async function ask(contentHash: string, rules: object = {}, more: object = {}) {
  const data = { executionId: execution.id, stepId: "x", contentHash, content: {}, rules };
  await db.prisma.approval.create({ data: { ...data, expiresAt: new Date("2100-01-01"), ...more } });
}

/** A person writes a command on the issue. Gives the answer. */
async function say(body: string, more: Partial<Happening> = {}): Promise<string> {
  deliveries += 1;
  const happening = {
    delivery: `d-${deliveries}`,
    issue: { number: execution.issueNumber },
    comment: { body },
  };
  const deps = fakeDeps({ db, queues });
  const before = replies.length;
  await onIssueComment(commented({ role: "maintain", ...happening, ...more }, replies), deps);
  return replies.slice(before).join("\n");
}

async function decision(contentHash = first) {
  const where = { executionId: execution.id, contentHash };
  const { decision, reason, decidedBy, decider } = await db.prisma.approval.findFirstOrThrow({ where });
  const { dueAt } = await db.prisma.workflowExecution.findUniqueOrThrow({ where: { id: execution.id } });
  return { decision, reason, decidedBy, decider, isDue: dueAt !== null };
}
const nothing = { decision: null, reason: null, decidedBy: null, decider: null, isDue: false };
const membership = "teams.getMembershipForUserInOrg";
const failing = (status: number) => () => {
  throw Object.assign(new Error(`GitHub says ${status}`), { status });
};

test("who may approves the content that is asked, and the execution goes on", async () => {
  await ask(first);
  expect(await say("/afu9 approve")).toContain("Approved: `aaaaaaaa`");
  expect(await decision()).toEqual({
    ...{ decision: "approved", reason: null, decidedBy: 7n, decider: "pat", isDue: true },
  });
  expect(nudged).toEqual([`executions ${execution.id}`]);
});

test("a rejection needs no hash and keeps the reason", async () => {
  await ask(first, {}, { decision: "void" });
  await ask(second);
  expect(await say("/afu9 reject too large")).toContain("Rejected: `bbbbbbbb`");
  expect(await decision(second)).toMatchObject({ decision: "rejected", reason: "too large", isDue: true });
});

test("where the content has changed, the hash says which one is meant", async () => {
  await ask(first, {}, { decision: "void" });
  await ask(second);
  expect(await say("/afu9 approve")).toContain("type `/afu9 approve bbbbbbbb`");
  expect(await say("/afu9 approve aaaaaaaa")).toContain("has changed since");
  expect(await say("/afu9 approve bbbbbbb")).toContain("Expected nothing after `approve`");
  expect(await say("/afu9 approve looks good")).toContain("got `looks`");
  expect(await decision(second)).toEqual(nothing);
  expect(await say("/afu9 approve BBBBBBBB fine with me")).toContain("Approved: `bbbbbbbb`");
  expect(await decision(second)).toMatchObject({ decision: "approved", reason: "fine with me" });
  expect(await decision(first)).toMatchObject({ decision: "void", decidedBy: null });
});

test("the role that the rules ask for is needed, and is maintain when they ask for none", async () => {
  await ask(first);
  expect(await say("/afu9 approve", { role: "write" })).toContain("needs the role `maintain`");
  expect(await say("/afu9 reject", { role: "read" })).toContain("needs the role `triage`");
  expect(await decision()).toEqual(nothing);
});

test("who started it does not decide where somebody else has to", async () => {
  await ask(first, { "not-requester": true, role: "triage" });
  expect(await say("/afu9 approve")).toContain("somebody else has to decide");
  expect(await decision()).toEqual(nothing);
  const sender = { id: 8, login: "kim", type: "User" };
  const collaborator = () => ({ role_name: "triage", permission: "read", user: { id: 8 } });
  const answers = { "repos.getCollaboratorPermissionLevel": collaborator };
  expect(await say("/afu9 approve", { sender, answers })).toContain("Approved");
});

test.each<[string, () => unknown, string]>([
  [
    "an invitation that is not answered",
    () => ({ state: "pending", role: "member" }),
    "Only members of the team",
  ],
  ["no membership", failing(404), "Only members of the team"],
  ["no permission to ask", failing(403), "I could not ask GitHub"],
  ["a GitHub that is away", failing(502), "I could not ask GitHub"],
])("a team decides, and %s decides nothing", async (_name, answer, message) => {
  await ask(first, { team: "acme/release" });
  expect(await say("/afu9 approve", { answers: { [membership]: answer } })).toContain(message);
  expect(await decision()).toEqual(nothing);
});

test("a member of the team decides, and is asked for by the team's name", async () => {
  await ask(first, { team: "acme/release" });
  const asked: object[] = [];
  const answer = (parameters: object) => {
    asked.push(parameters);
    return { state: "active", role: "member" };
  };
  expect(await say("/afu9 approve", { answers: { [membership]: answer } })).toContain("Approved");
  expect(asked).toEqual([{ org: "acme", team_slug: "release", username: "pat" }]);
});

test("a member of the team whose name belongs to somebody else now decides nothing", async () => {
  await ask(first, { team: "acme/release", role: "none" });
  let questions = 0;
  // Between the check of the command and that of the rules the name changes hands.
  const collaborator = () => {
    questions += 1;
    return { role_name: "admin", permission: "admin", user: { id: questions === 1 ? 7 : 666 } };
  };
  const answers = {
    "repos.getCollaboratorPermissionLevel": collaborator,
    [membership]: () => ({ state: "active", role: "member" }),
  };
  expect(await say("/afu9 approve", { answers })).toContain("yours is `none`");
  expect(await decision()).toEqual(nothing);
});

test("rules that can't be read let nobody decide", async () => {
  await ask(first, { role: "emperor" });
  expect(await say("/afu9 approve", { role: "admin" })).toContain("I can't read the rules");
  expect(await decision()).toEqual(nothing);
});

test("what has expired, and what an execution that does not wait had asked, is not decided", async () => {
  await ask(first, {}, { expiresAt: new Date("2020-01-01") });
  expect(await say("/afu9 approve")).toContain("Nothing waits for a decision here.");
  await ask(second);
  const { id } = execution;
  await db.prisma.workflowExecution.update({ where: { id }, data: { status: "cancelled" } });
  expect(await say("/afu9 approve bbbbbbbb")).toContain("Nothing waits for a decision here.");
  expect(await decision(second)).toEqual(nothing);
});

test("of two people who decide at once one does, and the other is told who did", async () => {
  await ask(first);
  const sender = { id: 8, login: "kim", type: "User" };
  const collaborator = () => ({ role_name: "admin", permission: "admin", user: { id: 8 } });
  const answers = { "repos.getCollaboratorPermissionLevel": collaborator };
  await Promise.all([say("/afu9 approve"), say("/afu9 reject no", { sender, answers })]);
  const { decision: made, decider } = await decision();
  expect(replies.filter((text) => text.includes("Approved:") || text.includes("Rejected:"))).toHaveLength(1);
  expect(replies.filter((text) => text.includes(`was ${made} by ${decider}`))).toHaveLength(1);
});
