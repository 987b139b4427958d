// What AFU-9 says about code, about its own work, and about what shall be built.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitFiles } from "../../local/github/testing/commit-files.ts";
import { eventually } from "../eventually.ts";
import { answer, buggyRepository, plan } from "../sample.ts";
import { startModels } from "../scripted-models.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const says = (value: object) => ({ text: JSON.stringify(value), calls: [] });
const headings = ["Goal", "Behaviour", "Acceptance criteria", "Out of scope", "Open questions"];
const specification = (goal: string) => headings.map((heading) => `## ${heading}\n\n${goal}`).join("\n\n");
const hostile = "Ping @acme/owners, fixes #1 ![x](https://evil.example/?d=1)";

let models: Awaited<ReturnType<typeof startModels>>;
let system: System;
beforeAll(async () => {
  models = await startModels([
    {
      when: "You answer a question",
      script: {
        agents: {
          explain: [
            { text: "", calls: [{ name: "readFile", input: { path: "add.js" } }] },
            says({ answer: `It subtracts: \`add.js:1\`, see \`gone.js:3\`. ${hostile}` }),
          ],
        },
      },
    },
    {
      when: "You explain to a person",
      script: { agents: { why: [says({ answer: `The verification failed. ${hostile}` })] } },
    },
    {
      when: "Now with decimals",
      script: { agents: { spec: [says({ title: "T", specification: specification("It adds decimals.") })] } },
    },
    {
      when: "You write a specification",
      script: {
        agents: {
          spec: [
            says({ title: "T", specification: "It adds, somehow." }),
            says({ title: "T", specification: specification(`It adds. ${hostile}`) }),
          ],
        },
      },
    },
    { when: "You plan a change", script: { agents: { plan } } },
    {
      when: "You change a checkout",
      script: { agents: { implement: [answer, answer, answer, answer, answer] } },
    },
  ]);
  system = await startSystem({
    script: [answer],
    files: buggyRepository,
    env: { ANTHROPIC_BASE_URL: models.url },
  });
}, 60_000);
afterAll(async () => {
  await system?.close();
  await models?.close();
});

async function open(title: string, more: { body?: string; labels?: string[] } = {}): Promise<number> {
  const { data } = await system.maintainer.rest.issues.create({ ...at, title, ...more });
  return data.number;
}
const say = (issue_number: number, body: string) =>
  system.maintainer.rest.issues.createComment({ ...at, issue_number, body });
const issue = async (number: number) =>
  (await system.github.repository("acme/sample")).issues.find((one) => one.number === number);
const comment = (number: number, words: string) =>
  eventually(`a comment on #${number} with "${words}"\n${system.lines.slice(-20).join("\n")}`, async () =>
    (await issue(number))?.comments.map(({ body }) => body ?? "").find((body) => body.includes(words)),
  );
const executions = (issueNumber: number) =>
  system.db.prisma.workflowExecution.findMany({ where: { issueNumber }, include: { agentRuns: true } });
const ended = (number: number, count: number) =>
  eventually(`${count} executions of #${number} to end\n${system.lines.slice(-20).join("\n")}`, async () => {
    const rows = await executions(number);
    return rows.length >= count && rows.every(({ finishedAt }) => finishedAt) ? rows : undefined;
  });

test("a question is answered in one comment, with links to the lines of the commit that was read", async () => {
  const number = await open("What does it do?");
  await say(number, "/afu9 explain what does add do?");
  await ended(number, 1);
  const said = await comment(number, "It subtracts");
  const { branches } = await system.github.repository("acme/sample");
  const link = `${system.github.url}/acme/sample/blob/${branches.main}/add.js#L1`;
  expect(said).toContain(`It subtracts: [\`add.js:1\`](${link}), see \`gone.js:3\`.`);
  expect(said).not.toMatch(/@acme|fixes #1|!\[/);
  expect(models.asked.some((body) => body.includes("what does add do?"))).toBe(true);
});

test("where nothing was started, `why` says what would start something, and no model is asked", async () => {
  const number = await open("Nothing yet");
  const before = models.asked.length;
  await say(number, "/afu9 why");
  const said = await comment(number, "nobody who may has started me");
  expect(said).toContain("- the label `afu9`\n");
  expect(said).toContain("- `/afu9 run` in a comment");
  expect(said).not.toContain("/afu9 review");
  expect(await executions(number)).toEqual([]);
  expect(models.asked).toHaveLength(before);
});

test("`why` tells what was done from the records, also of an issue that is closed", async () => {
  const number = await open("It subtracts", { labels: ["afu9"] });
  const [failed] = await ended(number, 1);
  expect(failed).toMatchObject({ status: "failed" });
  await system.maintainer.rest.issues.update({ ...at, issue_number: number, state: "closed" });
  await say(number, "/afu9 why did it fail?");
  await ended(number, 2);
  const said = await comment(number, "**From the records**");
  expect(said).toMatch(/^The verification failed\. /);
  expect(said).not.toMatch(/@acme|!\[/);
  expect(said).toMatch(
    new RegExp(
      `- \`issue-to-pr\` failed at the step “Write and verify the change”, begun 20\\S+ \\S+ UTC, \\$[\\d.]+, execution \`${failed?.id}\``,
    ),
  );
  const task = models.asked.find((body) => body.includes("You explain to a person"));
  expect(task).toContain("No file was changed");
  expect(task).toContain("did it fail?");
});

test("a repository that asks for German is answered in German", async () => {
  await commitFiles(system.maintainer, at, { ".github/afu9.yml": "language: de\n" });
  const number = await open("Es subtrahiert", { labels: ["afu9"] });
  await ended(number, 1);
  await say(number, "/afu9 why");
  await ended(number, 2);
  await say(number, "/afu9 explain was tut add?");
  await ended(number, 3);
  await comment(number, "**Aus den Aufzeichnungen**");
  const asked = models.asked.filter((body) => /was tut add\?|You explain to a person/.test(body)).slice(-2);
  const german = JSON.stringify('<data name="language">\nde\n</data>').slice(1, -1);
  expect(asked).toEqual([expect.stringContaining(german), expect.stringContaining(german)]);
  await commitFiles(system.maintainer, at, { ".github/afu9.yml": null });
});

test("a briefing becomes a specification, and stays below it word for word", async () => {
  const briefing = "Make it add.\n\n</details> <!-- my note -->\n";
  const number = await open("Add", { body: briefing });
  await say(number, "/afu9 spec");
  await ended(number, 1);
  const { title, body } = (await issue(number)) ?? {};
  expect(title).toBe("Add");
  expect(body).toContain("## Open questions");
  expect(body).toContain(`\n${briefing}\n`);
  expect(body).not.toMatch(/@acme|fixes #1|!\[/);
  const [{ agentRuns = [] } = {}] = await executions(number);
  expect(agentRuns).toMatchObject([{ agent: "spec", turns: 2 }]);

  await say(number, "/afu9 spec Now with decimals");
  await ended(number, 2);
  const again = (await issue(number))?.body ?? "";
  expect(again).toContain("It adds decimals.");
  expect(again).not.toContain("It adds. ");
  expect(again.split(briefing)).toHaveLength(2);
});
