// The check run as a control surface: people click its buttons, and the execution obeys those who may.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { buggyRepository, plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const ship = `name: ship
on: { command: { name: ship, works-on: [pull-request] } }
steps:
  - id: ok
    name: Ask whether to ship
    approve: { what: Ship it }
  - id: closed
    name: Wait until the pull request is closed
    wait: { event: pull_request.closed }
`;
const slow = 120_000;
let system: System;
beforeAll(async () => {
  const files = { ...buggyRepository, ".github/afu9/workflows/ship.yml": ship };
  system = await startSystem({ script: plan, files });
}, slow);
afterAll(() => system?.close());

/** A pull request on which `ship` was started, with its check run as GitHub shows it. */
async function shipping(branch: string) {
  const { rest } = system.maintainer;
  const from = (await rest.git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const file = { path: `${branch}.md`, mode: "100644", type: "blob", content: branch } as const;
  const { data: tree } = await rest.git.createTree({ ...at, base_tree: from, tree: [file] });
  const commit = { message: `Add ${branch}`, tree: tree.sha, parents: [from] };
  const { sha } = (await rest.git.createCommit({ ...at, ...commit })).data;
  await rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha });
  const { data: pull } = await rest.pulls.create({ ...at, title: branch, head: branch, base: "main" });
  const { number } = pull;
  await rest.issues.createComment({ ...at, issue_number: number, body: "/afu9 ship" });

  const checkRun = async () => {
    const { check_runs: checkRuns } = await system.github.repository("acme/sample");
    return checkRuns.find(({ head_sha, name }) => head_sha === sha && name === "AFU-9");
  };
  return {
    /** Waits until the check run has these buttons, by what stands on them. */
    offers: (...labels: string[]) =>
      eventually(`the buttons ${labels.join(", ")}\n${system.lines.slice(-20).join("\n")}`, async () => {
        const run = await checkRun();
        const offered = run?.actions.map(({ label }) => label).join();
        return offered === labels.join() ? run : undefined;
      }),
    async click(login: string, label: string): Promise<void> {
      const run = await checkRun();
      const action = run?.actions.find((one) => one.label === label)?.identifier;
      if (!run || !action) throw new Error(`Expected a button ${label}`);
      await system.github.clickCheckRun(run.id, { login, action });
    },
    /** Waits for a comment with a text. */
    says: (text: string) =>
      eventually(`a comment with "${text}"`, async () => {
        const { data } = await rest.issues.listComments({ ...at, issue_number: number });
        return data.find(({ body }) => body?.includes(text))?.body;
      }),
    execution: () => system.db.prisma.workflowExecution.findFirstOrThrow({ where: { issueNumber: number } }),
    ended: () => system.finished(number),
  };
}

test(
  "Approve lets it go on, and Cancel stops it; who may not is refused, and nothing changes",
  async () => {
    const pull = await shipping("approved");
    expect(await pull.offers("Approve", "Reject", "Cancel")).toMatchObject({ conclusion: "action_required" });
    await pull.click("reader", "Approve");
    expect(await pull.says("@reader clicked a button of mine here.")).toContain("yours is `read`");
    expect((await pull.execution()).status).toBe("waiting");
    await pull.click("maintainer", "Approve");

    expect(await pull.offers("Cancel")).toMatchObject({ status: "in_progress", conclusion: null });
    await pull.click("reader", "Cancel");
    await pull.says("I can't cancel it for you");
    expect(await pull.execution()).toMatchObject({ status: "waiting", wish: null });
    await pull.click("maintainer", "Cancel");
    expect((await pull.ended()).status).toBe("cancelled");
    expect(await pull.offers("Retry")).toMatchObject({ status: "completed", conclusion: "cancelled" });
  },
  slow,
);

test(
  "Reject ends it, and Retry has the same execution ask anew",
  async () => {
    const pull = await shipping("rejected");
    await pull.offers("Approve", "Reject", "Cancel");
    await pull.click("maintainer", "Reject");
    const { id, error } = await pull.ended();
    expect(error).toContain("Rejected by maintainer");
    expect(await pull.offers("Retry", "Fix")).toMatchObject({ conclusion: "failure" });
    await pull.click("reader", "Retry");
    await pull.says("I can't retry it for you");
    expect((await pull.execution()).status).toBe("failed");

    await pull.click("maintainer", "Retry");
    await pull.offers("Approve", "Reject", "Cancel");
    await pull.click("maintainer", "Approve");
    expect(await pull.offers("Cancel")).toMatchObject({ status: "in_progress", external_id: id });
    expect(await pull.execution()).toMatchObject({ id, round: 2 });
  },
  slow,
);
