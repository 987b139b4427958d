// A repository's own workflow, with the people in it: they start it, approve it, and do what it waits for.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const ship = `name: ship
on: { command: ship }
steps:
  - id: issue
    tool: github.getIssue
    with: { owner: "\${{ repository.owner }}", repo: "\${{ repository.name }}", number: "\${{ issue.number }}" }
  - id: ok
    name: Ask whether to ship
    approve: { what: "Ship \${{ steps.issue.outputs.title }}", environment: production }
  - id: closed
    name: Wait until the issue is closed
    wait: { event: issues.closed, match: { issue.number: "\${{ issue.number }}" } }
  - id: note
    tool: github.addComment
    with:
      owner: \${{ repository.owner }}
      repo: \${{ repository.name }}
      number: \${{ issue.number }}
      body: Shipped, as \${{ steps.ok.outputs.approvedBy }} approved.
`;
let system: System;
beforeAll(async () => {
  system = await startSystem({ script: plan, files: { ".github/afu9/workflows/ship.yml": ship } });
}, 60_000);
afterAll(() => system?.close());

async function shipping(title: string) {
  const { rest } = system.maintainer;
  const { data: issue } = await rest.issues.create({ ...at, title });
  const say = (body: string, as = system.maintainer) =>
    as.rest.issues.createComment({ ...at, issue_number: issue.number, body });
  const says = (text: string) =>
    eventually(`a comment with "${text}"`, async () => {
      const { data } = await rest.issues.listComments({ ...at, issue_number: issue.number });
      return data.find(({ user, body }) => user?.type === "Bot" && body?.includes(text))?.body;
    });
  await say("/afu9 ship");
  await says("### AFU-9 waits for your approval");
  return { issue: issue.number, say, says, ended: () => system.finished(issue.number) };
}

test("what is asked is shown; who may not is refused; who may approves; then it waits for the event, and goes on", async () => {
  const { issue, say, says, ended } = await shipping("version 2");
  const asked = await says("Ship version 2");
  expect(asked).toContain("for `production`");
  await say("/afu9 approve", system.reader);
  await says("I can't approve");
  await say("/afu9 approve");
  await says("It waits for `issues.closed`");
  await system.maintainer.rest.issues.update({ ...at, issue_number: issue, state: "closed" });
  const execution = await ended();
  expect({ status: execution.status, error: execution.error }).toEqual({ status: "succeeded", error: null });
  await says("Shipped, as maintainer approved.");
  expect(Number(execution.fence)).toBe(3);
}, 60_000);

test("what is rejected ends with the reason, and can't be approved any more", async () => {
  const { say, says, ended } = await shipping("version 3");
  await say("/afu9 reject not on a Friday");
  expect(await ended()).toMatchObject({
    status: "failed",
    error: "Ask whether to ship: Rejected by maintainer: not on a Friday",
  });
  await says("### AFU-9 could not do this");
  await say("/afu9 approve");
  await says("> /afu9 approve");
  const approvals = await system.db.prisma.approval.findMany({ where: { decision: "approved" } });
  expect(approvals).toHaveLength(1);
}, 60_000);

test("what waits for a person is cancelled like anything else", async () => {
  const { say, says, ended } = await shipping("version 4");
  await say("/afu9 cancel");
  expect((await ended()).status).toBe("cancelled");
  await says("### AFU-9 was stopped");
}, 60_000);
