// Role by command, as people meet it on GitHub.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { covers, type Role } from "../../shared/role.ts";
import { type FrontDoor, openFrontDoor } from "../../test/open-front-door.ts";
import { commandRoles, roleFor } from "./command-roles.ts";

let door: FrontDoor;
let open: FrontDoor;
beforeAll(async () => {
  const policy = { AFU9_RATE_USER_HOUR: "1000", AFU9_RATE_REPOSITORY_HOUR: "1000" };
  door = await openFrontDoor({ policy });
  open = await openFrontDoor({ policy, private: false });
}, 60_000);
afterAll(async () => {
  await door?.close();
  await open?.close();
});

/** What can be typed today, as somebody types it. Those of pull requests are told so only when they may. */
const typed = {
  ...{ help: "help", status: "status", why: "why", explain: "explain", approve: "approve", reject: "reject" },
  ...{
    run: "run",
    cancel: "cancel",
    pause: "pause",
    resume: "resume",
    steer: "steer slowly",
    retry: "retry",
  },
  ...{ review: "review", "fix-ci": "fix-ci", rebase: "rebase", adopt: "adopt" },
  ...{ budget: "budget +1" },
} satisfies Partial<Record<keyof typeof commandRoles, string>>;
const people: Role[] = ["read", "triage", "write", "maintain", "admin"];
const commands = Object.keys(typed) as (keyof typeof typed)[];

test.each(people)("what %s may type", async (person) => {
  const issues = new Map<string, number>();
  for (const command of commands) {
    const issue = await door.open();
    issues.set(command, issue);
    // A budget can be raised only of something.
    if (command === "budget") await door.comment("admin", issue, "/afu9 run");
    await door.comment(person, issue, `/afu9 ${typed[command]}`);
  }
  await door.settle();

  const refused = new Map<string, boolean>();
  for (const [command, issue] of issues) {
    const needed = commandRoles[command as keyof typeof commandRoles];
    const refusal = `needs the role \`${needed}\` in this repository, and yours is \`${person}\``;
    refused.set(
      command,
      (await door.replies(issue)).some((reply) => reply.includes(refusal)),
    );
  }
  const expected = commands.map((command) => [command, !covers(person, commandRoles[command])]);
  expect(Object.fromEntries(refused)).toEqual(Object.fromEntries(expected));
  expect(await door.executions(issues.get("run") ?? 0)).toHaveLength(covers(person, "write") ? 1 : 0);
});

test.each(people)("%s sets the label", async (person) => {
  const issue = await door.open();
  // GitHub itself refuses who may not triage.
  const labeled = await door.label(person, issue, "afu9").then(
    () => true,
    () => false,
  );
  await door.settle();
  expect(labeled).toBe(covers(person, "triage"));
  expect(await door.executions(issue)).toHaveLength(labeled ? 1 : 0);
});

test("a stranger in a public repository may read, and ask no model", async () => {
  const issue = await open.open("none");
  for (const command of ["help", "status", "why", "explain", "run"])
    await open.comment("none", issue, `/afu9 ${command}`);
  await open.settle();
  const [help, status, why, explain, run] = await open.replies(issue);
  expect([help, status, why]).toEqual([
    expect.stringContaining("/afu9 explain"),
    expect.stringContaining("Nothing has run here yet"),
    expect.stringContaining("I have done nothing here"),
  ]);
  expect(explain).toContain("needs the role `triage`");
  expect(run).toContain("needs the role `write`");
  expect(await open.executions(issue)).toEqual([]);
});

test("a role that is taken away counts from the next command on, and the name that another took counts for nothing", async () => {
  const issue = await door.open();
  const { login, token } = await door.github.createUser({ login: "leaver" });
  await door.github.setCollaborator("acme/sample", login, "write");
  const say = async () => {
    await door.github
      .as(token)
      .rest.issues.createComment({ ...door.at, issue_number: issue, body: "/afu9 steer x" });
    await door.settle();
  };
  await say();
  await door.github.setCollaborator("acme/sample", login, "read");
  await say();
  const [before, after] = await door.replies(issue);
  expect(before).toContain("Nothing has run here yet");
  expect(after).toContain("yours is `read`");
});

test("a repository may ask for more, and for less down to a floor", () => {
  expect(roleFor("run", { roles: { run: "maintain" } })).toBe("maintain");
  expect(roleFor("run", { roles: { run: "read" } })).toBe("triage");
  expect(roleFor("budget", { roles: { budget: "read" } })).toBe("write");
  expect(roleFor("deploy", { roles: { deploy: "triage" } })).toBe("write");
  expect(roleFor("help", { roles: { help: "admin" } })).toBe("admin");
  expect(roleFor("explain", { roles: { explain: "read" }, isPublic: true })).toBe("triage");
  expect(roleFor("of-a-workflow")).toBe("write");
  expect(roleFor("constructor", { roles: {} })).toBe("write");
});
