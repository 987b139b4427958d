import { afterEach, expect, test } from "@jest/globals";
import { answer, buggyRepository, edit, plan } from "../sample.ts";
import { type System, type SystemOptions, startSystem } from "../system.ts";

let system: System | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});

/** Opens a labelled issue and waits until its execution has ended. */
async function runOn(options: Pick<SystemOptions, "script"> & Partial<SystemOptions>) {
  system = await startSystem({ files: buggyRepository, ...options });
  const { data: issue } = await system.maintainer.rest.issues.create({
    owner: "acme",
    repo: "sample",
    title: "Mend add",
    labels: ["afu9"],
  });
  const execution = await system.finished(issue.number);
  const pulls = await system.maintainer.rest.pulls.list({ owner: "acme", repo: "sample", state: "all" });
  const comments = await system.maintainer.rest.issues.listComments({
    owner: "acme",
    repo: "sample",
    issue_number: issue.number,
  });
  return { system, execution, pulls: pulls.data, comment: comments.data.at(-1)?.body ?? "" };
}

test("a failed verification goes back to the agent with its output, and the mended change is proposed", async () => {
  const script = [...plan, edit("a - b", "a * b + 1"), answer, edit("a * b + 1", "a + b"), answer];
  const { system, execution, pulls } = await runOn({ script });
  expect(execution.status).toBe("succeeded");
  expect(pulls).toHaveLength(1);

  const messages = await system.db.prisma.agentMessage.findMany({ orderBy: { sequence: "asc" } });
  const returned = messages
    .map(({ message }) => JSON.stringify(message))
    .filter((text) => text.includes('"kind":"verification"'));
  expect(returned).toHaveLength(1);
  expect(returned[0]).toContain("node --test");
  expect(returned[0]).toContain("5 == 4");
});

test("when the change still fails after three returns, the execution fails with that evidence, and what was written is a draft", async () => {
  const { execution, pulls, comment } = await runOn({
    script: [...plan, edit("a - b", "a * b + 1"), answer, answer, answer, answer],
  });
  expect(execution.status).toBe("failed");
  expect(execution.error).toContain("Verification failed 4 times");
  expect(execution.error).toContain("5 == 4");
  expect(pulls).toMatchObject([{ draft: true, title: "Make add() add" }]);
  expect(pulls[0]?.body).toContain("### Not verified: this is a draft");
  expect(pulls[0]?.body).toContain("- `node --test`: failed, exit code 1");
  expect(pulls[0]?.body).toContain("5 == 4");
  expect(comment).toContain("### AFU-9 could not do this");
  expect(comment).toContain("5 == 4");
});

test("a change that makes its own verification weaker is verified by the rules of the default branch", async () => {
  const weaken = {
    text: "",
    calls: [{ name: "writeFile", input: { path: ".github/afu9.yml", content: "verify: ['true']\n" } }],
  };
  const { execution, pulls } = await runOn({ script: [...plan, weaken, answer, answer, answer, answer] });
  expect(execution.status).toBe("failed");
  expect(execution.error).toContain("Verification failed 4 times");
  expect(execution.error).toContain("0 == 4");
  // Not even a draft proposes it: the file says what AFU-9 may do.
  expect(pulls).toEqual([]);
});

test("a script that runs dry fails the execution with the reason", async () => {
  const { execution, pulls } = await runOn({ script: plan });
  expect(execution.status).toBe("failed");
  expect(execution.error).toMatch(/has 2 replies and a 3rd was asked for/);
  expect(pulls).toEqual([]);
});

test("an answer that is not JSON is asked for once more", async () => {
  const { execution } = await runOn({
    script: [...plan, edit("a - b", "a + b"), { text: "I am done.", calls: [] }, answer],
  });
  expect(execution.status).toBe("succeeded");
});

test("an executable file keeps its mode through the commit", async () => {
  const files = { ...buggyRepository };
  const makeTool = {
    text: "",
    calls: [
      {
        name: "runCommand",
        input: { command: "printf '#!/bin/sh\\necho hi\\n' > tool.sh && chmod +x tool.sh" },
      },
    ],
  };
  const { system, execution, pulls } = await runOn({
    files,
    script: [...plan, makeTool, edit("a - b", "a + b"), answer],
  });
  expect(execution.error).toBeNull();
  const { data: tree } = await system.maintainer.rest.git.getTree({
    owner: "acme",
    repo: "sample",
    tree_sha: pulls[0]?.head.sha ?? "",
  });
  expect(tree.tree.find(({ path }) => path === "tool.sh")?.mode).toBe("100755");
});
