import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Context } from "probot";
import { commitFiles } from "../../local/github/testing/commit-files.ts";
import { openWorld, owner, repo, type World } from "../../local/github/testing/world.ts";
import { budgetSettings } from "../../shared/budget.ts";
import { connectDatabase, type Database } from "../../shared/db.ts";
import type { Text } from "../../shared/language.ts";
import { modelChoiceSettings } from "../../shared/models/model-settings.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { fakeDeps } from "../../test/fake-context.ts";
import { createRepositoryConfigs } from "../repository-configs.ts";
import type { Call } from "./command.ts";
import { config } from "./config.ts";

const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
let world: World;
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  world = await openWorld();
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
});
beforeEach(async () => {
  await db.pool.query("DELETE FROM config_files");
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
  await world?.close();
});

const write = (text: string, name = repo) =>
  commitFiles(world.asPerson, { owner, repo: name }, { ".github/afu9.yml": text });

/** The answer to `/afu9 config`. */
async function answerOf(env: Record<string, string> = {}): Promise<Text> {
  const context = {
    id: "d",
    octokit: world.octokit as unknown as Context["octokit"],
    payload: { repository: { id: world.repository.id } },
    repo: () => ({ owner, repo }),
  } as unknown as Call["context"];
  const operator = { budget: budgetSettings.parse(env), models: modelChoiceSettings.parse(env) };
  const deps = fakeDeps({ db, queues, configs: createRepositoryConfigs(db), ...operator });
  const answer = await config.run({ context, deps, args: [], instructions: "", role: "read", needs: "read" });
  if (!answer || "queued" in answer) throw new Error("Expected an answer, got none.");
  return answer;
}

const ask = async (env?: Record<string, string>) => (await answerOf(env)).en;

test("each value tells where it comes from, with the line and the commit, and defaults are folded", async () => {
  const commit = await write("labels:\n  start: robot\nverify: [npm run lint, npm test]\nnetwork: true\n");
  const answer = await ask();
  const page = `https://github.test/${owner}/${repo}/blob/${commit}/.github/afu9.yml`;
  expect(answer).toContain(`| \`labels.start\` | \`robot\` | [this repository's file](${page}#L2) |`);
  expect(answer).toContain(
    `| \`verify\` | \`["npm run lint","npm test"]\` | [this repository's file](${page}#L3) |`,
  );
  expect(answer).toMatch(/`network` \| `true` \| .*where the operator allows it \(`AFU9_SANDBOX_NETWORK`\)/);
  const [set, defaults] = answer.split("<details>");
  expect(set).not.toContain("labels.hold");
  expect(defaults).toContain("| `labels.hold` | `afu9/hold` | default |");
  expect(defaults).toMatch(/`setup` \| – \| default: detected/);
});

test("the operator's limits are told where they bind, and what is not allowed", async () => {
  await write("budget: { usd: 50, tokens: 1000 }\nmodel: { name: claude-fable-5, effort: low }\n");
  const answer = await ask({ AFU9_BUDGET_USD: "3", AFU9_MODELS_ALLOWED: "claude-opus-*" });
  expect(answer).toContain(
    "| `budget.usd` | `3` | operator: the file says 50, and the operator allows no more (AFU9_BUDGET_USD) |",
  );
  expect(answer).toMatch(/`budget\.tokens` \| `1000` \| \[this repository's file\]/);
  expect(answer).toMatch(/`model` \| `claude-fable-5` \| .*not allowed here\. Allowed are claude-opus-\*/);
  expect(answer).toMatch(/`model\.effort` \| `low` \| \[this repository's file\]/);
});

test("what is broken is shown with its lines, and the version before it with its commit", async () => {
  const commit = await write("labels: { start: robot }\n");
  await ask();
  await write("labels:\n  strt: robot\n");
  const answer = await ask();
  expect(answer).toMatch(/can't be used as it is now\. The version before it \(`[0-9a-f]{7}`\) holds/);
  expect(answer).toContain("2: labels.strt: there is no such key. Did you mean `start`?");
  expect(answer).toMatch(new RegExp(`labels\\.start\` \\| \`robot\` \\| .*/blob/${commit}/`));
});

test("the first file of all being broken, the answer says so, and that the defaults hold", async () => {
  await write("- nothing\n");
  const answer = await ask();
  expect(answer).toContain("What holds without it, holds.");
  expect(answer).toContain("1: the file: ");
});

test("what the owner has set is told apart, and what has no effect is named", async () => {
  await world.github.createRepository({ owner, name: ".github", from: world.source });
  await world.github.setCollaborator(`${owner}/.github`, world.person.login, "maintain");
  await write("protected-paths: [LICENSE]\nlabels: { hold: stop }\n", ".github");
  await write("protected-paths: [docs/**]\nroles: { budget: read }\n");
  const answer = await ask();
  expect(answer).toMatch(
    /`labels\.hold` \| `stop` \| \[the owner's file\]\(.*\/\.github\/blob\/[0-9a-f]{40}\/.*#L2\)/,
  );
  expect(answer).toMatch(
    /`protected-paths` \| `\["LICENSE","docs\/\*\*"\]` \| \[the owner's file\].* and \[this repository's/,
  );
  expect(answer).toContain("2: roles.budget: it needs the role `write` at least, and that holds.");
});
