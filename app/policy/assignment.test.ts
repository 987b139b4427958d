// The App's bot is assigned, and mentioned, as people do it on GitHub.
import { afterEach, expect, test } from "@jest/globals";
import { commitFiles } from "../../local/github/testing/commit-files.ts";
import { type FrontDoor, openFrontDoor } from "../../test/open-front-door.ts";

let door: FrontDoor;
const open = async (config = "") => {
  door = await openFrontDoor({ isAssignable: true, files: { ".github/afu9.yml": config } });
};
afterEach(() => door?.close());

const bot = "afu-9[bot]";
type Person = keyof FrontDoor["people"];
const on = (issue_number: number) => ({ ...door.at, issue_number });
const assign = (as: Person, issue: number, ...assignees: string[]) =>
  door.people[as].rest.issues.addAssignees({ ...on(issue), assignees });
const unassign = (as: Person, issue: number) =>
  door.people[as].rest.issues.removeAssignees({ ...on(issue), assignees: [bot] });
async function why(issue: number): Promise<string> {
  const before = (await door.replies(issue)).length;
  await door.comment("read", issue, "/afu9 why");
  await door.settle();
  return (await door.replies(issue)).slice(before).join("\n");
}

test("assigning the App starts what the start label starts, and taking it back cancels what has not begun", async () => {
  await open();
  const [taken, begun, another] = [await door.open(), await door.open(), await door.open()];
  await assign("triage", taken, bot);
  await assign("triage", begun, bot);
  await assign("triage", another, "write");
  await door.settle();
  const trigger = {
    kind: "assignment",
    needs: "triage",
    sender: { login: "triage" },
    at: expect.any(String),
  };
  expect(await door.executions(taken)).toMatchObject([{ status: "queued", trigger }]);
  expect(await door.executions(another)).toEqual([]);

  await door.db.prisma.workflowExecution.updateMany({
    where: { issueNumber: begun },
    data: { fence: 1, status: "running" },
  });
  // A label that did not start it takes nothing back.
  await door.label("triage", taken, "afu9");
  await door.unlabel("triage", taken, "afu9");
  await door.settle();
  expect(await door.executions(taken)).toMatchObject([{ status: "queued" }]);
  await unassign("triage", taken);
  await unassign("triage", begun);
  await door.settle();
  expect(await door.executions(taken)).toMatchObject([
    { status: "cancelled", error: "triage took the assignment away before it began." },
  ]);
  expect(await door.executions(begun)).toMatchObject([{ status: "running" }]);
});

test("it takes the label's role, and a hold stops it", async () => {
  await open("roles: { label: write }\n");
  const [refused, held] = [await door.open(), await door.open()];
  await assign("triage", refused, bot);
  await door.label("triage", held, "afu9/hold");
  await assign("write", held, bot);
  await door.settle();
  expect(await door.executions(refused)).toEqual([]);
  expect(await door.replies(refused)).toEqual([
    expect.stringContaining("I can't start because I was assigned for you: that needs the role `write`"),
  ]);
  expect(await door.replies(held)).toEqual([expect.stringContaining("`afu9/hold` is set")]);
  expect(await why(refused)).toContain("`the assignment` by `triage`");
});

/** A person opens a pull request. */
async function propose() {
  const { git, pulls } = door.people.admin.rest;
  const { data: main } = await git.getRef({ ...door.at, ref: "heads/main" });
  await git.createRef({ ...door.at, ref: "refs/heads/change", sha: main.object.sha });
  await commitFiles(door.people.admin, { ...door.at, branch: "change" }, { "a.txt": "a" });
  const { data } = await pulls.create({ ...door.at, head: "change", base: "main", title: "A change" });
  return data;
}

test("a bot that assigns it starts nothing and is not answered; on a pull request nothing starts, and why tells it", async () => {
  await open();
  const issue = await door.open();
  const renovate = await door.otherBot("renovate");
  await renovate.rest.issues.addAssignees({ ...on(issue), assignees: [bot] });
  const pull = await propose();
  await assign("admin", pull.number, bot);
  await door.settle();
  expect(await door.executions(issue)).toEqual([]);
  expect(await door.replies(issue)).toEqual([]);
  expect(await why(issue)).toContain("`renovate[bot]` is a bot");
  expect(await door.executions(pull.number)).toEqual([]);
  expect(await door.replies(pull.number)).toEqual([]);
  expect(await why(pull.number)).toContain(
    "`the assignment` by `admin`: Assigned to a pull request I do nothing.",
  );
});

test("a repository may want neither assignments nor mentions", async () => {
  await open("triggers: { assignment: false, mention: false }\n");
  const issue = await door.open();
  await assign("write", issue, bot);
  await door.comment("write", issue, "@afu-9 run");
  await door.settle();
  expect(await door.executions(issue)).toEqual([]);
  expect(await door.replies(issue)).toEqual([]);
  await door.comment("write", issue, "@afu-9 status\n/afu9 run");
  await door.settle();
  expect(await door.executions(issue)).toMatchObject([{ trigger: { kind: "command" } }]);
});
