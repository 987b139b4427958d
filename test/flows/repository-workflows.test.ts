import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const path = ".github/afu9/workflows/greet.yml";
const greet = (word: string) => `name: greet
on: { command: greet }
steps:
  - id: comment
    tool: github.addComment
    with:
      owner: \${{ repository.owner }}
      repo: \${{ repository.name }}
      number: \${{ issue.number }}
      body: ${word}, \${{ sender.login }}!
      marker: greet:\${{ execution.id }}
`;
const merge = `name: merge
on: { command: merge }
steps:
  - id: merge
    tool: github.mergePullRequest
    with: { owner: "\${{ repository.owner }}", repo: "\${{ repository.name }}", number: 1 }
`;
let system: System;
beforeAll(async () => {
  const files = { ...buggyRepository, [path]: greet("Hello"), ".github/afu9/workflows/merge.yml": merge };
  system = await startSystem({ script: goodScript, files });
}, 60_000);
afterAll(() => system?.close());

const open = async (title: string) =>
  (await system.maintainer.rest.issues.create({ ...at, title })).data.number;
const say = (issue_number: number, body: string) =>
  system.maintainer.rest.issues.createComment({ ...at, issue_number, body });
const comment = (issue_number: number, text: string) =>
  eventually(`a comment with "${text}"`, async () => {
    const { data } = await system.maintainer.rest.issues.listComments({ ...at, issue_number });
    return data.find(({ user, body }) => user?.type === "Bot" && body?.includes(text))?.body;
  });
const workflows = async (issueNumber: number) => {
  const include = { workflow: true };
  const rows = await system.db.prisma.workflowExecution.findMany({ where: { issueNumber }, include });
  return rows.map(({ workflow }) => ({ origin: workflow.origin, source: workflow.source }));
};

/** A person changes the file on the default branch. */
async function change(content: string): Promise<void> {
  const { git } = system.maintainer.rest;
  const { data: head } = await git.getRef({ ...at, ref: "heads/main" });
  const { data: commit } = await git.getCommit({ ...at, commit_sha: head.object.sha });
  const tree = [{ path, mode: "100644" as const, type: "blob" as const, content }];
  const { data: changed } = await git.createTree({ ...at, base_tree: commit.tree.sha, tree });
  const parents = [head.object.sha];
  const { data: next } = await git.createCommit({ ...at, message: "Greet", tree: changed.sha, parents });
  await git.updateRef({ ...at, ref: "heads/main", sha: next.sha });
}

test("a repository's own workflow runs by its command, and the next execution takes its next version", async () => {
  const { id } = await system.github.repository("acme/sample");
  const first = await open("First");
  await say(first, "/afu9 greet");
  await comment(first, "Hello, maintainer!");
  expect((await system.finished(first)).status).toBe("succeeded");

  await change(greet("Good day"));
  const second = await open("Second");
  await say(second, "/afu9 greet");
  await comment(second, "Good day, maintainer!");
  expect((await system.finished(second)).status).toBe("succeeded");
  expect(await workflows(first)).toEqual([{ origin: String(id), source: greet("Hello") }]);
  expect(await workflows(second)).toEqual([{ origin: String(id), source: greet("Good day") }]);

  await say(second, "/afu9 status");
  await comment(second, "**It is done**");
});

test("one that would merge by itself does not start, and its author reads why; the others stay usable", async () => {
  const issue = await open("Third");
  await say(issue, "/afu9 merge");
  const answer = await comment(issue, "I can't use what this repository says here");
  expect(answer).toContain(
    ".github/afu9/workflows/merge.yml:5: steps.0.tool: workflows of a repository may not",
  );
  expect(await workflows(issue)).toEqual([]);
  await say(issue, "/afu9 help");
  expect(await comment(issue, "| you type |")).toContain("`/afu9 greet [instructions]`");
});
