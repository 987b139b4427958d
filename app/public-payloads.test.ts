// Every payload of a public collection of real webhooks goes the whole way: server, row, queue, Probot, handlers.
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Probot } from "probot";
import { z } from "zod";
import { openWorld, type World } from "../local/github/testing/world.ts";
import { agentNames } from "../shared/agent-names.ts";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createGitHubBudget } from "../shared/github-budget.ts";
import { createProcessLimits } from "../shared/github-limit-stores.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues, type Queues } from "../shared/queue.ts";
import { loadWorkflows } from "../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { eventually } from "../test/eventually.ts";
import { fakeDeps } from "../test/fake-context.ts";
import { createHandlers } from "./app.ts";
import { budgetedOctokit } from "./budgeted-octokit.ts";
import { takenBy } from "./commands/taken-names.ts";
import { takeDeliveries } from "./intake.ts";
import { createRepositoryWorkflows } from "./repository-workflows.ts";
import { createServer } from "./server.ts";
import { saveWorkflows } from "./start-execution.ts";

const collection = z
  .array(z.object({ name: z.string(), examples: z.array(z.looseObject({})) }))
  .parse(createRequire(import.meta.url)("@octokit/webhooks-examples/api.github.com/index.json"));
const examples = collection.flatMap(({ name, examples }) =>
  examples.map((payload, index) => ({ id: `${name}-${index}`, event: name, payload })),
);

const secret = "a secret of the tests";
const root = join(import.meta.dirname, "..");
const log = createLogger("test", "silent");
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
let database: TestDatabase;
let db: Database;
let world: World;
let queues: Queues;
let server: ReturnType<typeof createServer>;
beforeAll(async () => {
  process.on("unhandledRejection", note);
  [database, world] = await Promise.all([createDatabase(), openWorld()]);
  db = connectDatabase(database.url, { max: 10 });
  queues = createQueues({ databaseUrl: database.url, log });
  server = createServer({ db, queues, secrets: [secret], githubUrl: "https://github.example", log });
  const probot = new Probot({
    appId: world.app.id,
    privateKey: world.app.privateKey,
    secret,
    baseUrl: world.github.apiUrl,
    Octokit: budgetedOctokit(createGitHubBudget(createProcessLimits(), log)),
    log,
  });
  const agents = await agentNames(join(root, "agents"));
  const workflows = await saveWorkflows(db, await loadWorkflows(join(root, "workflows"), { agents }));
  const repositoryWorkflows = createRepositoryWorkflows({ db, taken: takenBy(workflows), agents });
  await probot.load(
    createHandlers(fakeDeps({ db, queues, workflows, repositoryWorkflows, appId: world.app.id })),
  );
  takeDeliveries({ db, queues, probot, log });
});
afterAll(async () => {
  await queues.close();
  await db.close();
  await world.close();
  await database.drop();
  process.off("unhandledRejection", note);
});

async function deliver(id: string, event: string, payload: object): Promise<number> {
  const body = JSON.stringify(payload);
  const response = await server.request("/api/webhooks/github", {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-delivery": id,
      "x-github-event": event,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
  });
  return response.status;
}

/** How the rows have ended, once none is open any more. */
const outcomes = () =>
  eventually("all deliveries to be handled", async () => {
    const rows = await db.prisma.webhookDelivery.findMany({
      select: { id: true, status: true, error: true },
    });
    return rows.some(({ status }) => status === "received") ? undefined : rows;
  });

test.each([
  ["as it was sent", (payload: object) => payload],
  // With an installation that exists, so that the handlers ask GitHub, where these repositories are none of ours.
  [
    "to our own installation",
    (payload: object) => ({ ...payload, installation: { id: world.installation.id } }),
  ],
])(
  "every public payload, %s, is taken, handled and starts nothing",
  async (how, change) => {
    await db.prisma.webhookDelivery.deleteMany();
    for (const { id, event, payload } of examples) {
      expect([id, await deliver(`${id}-${how.length}`, event, change(payload))]).toEqual([id, 202]);
    }
    const rows = await outcomes();
    expect(rows).toHaveLength(examples.length);
    expect(rows.filter(({ status }) => status !== "processed")).toEqual([]);
    expect(await db.prisma.workflowExecution.count()).toBe(0);
    expect(unhandled).toEqual([]);
  },
  120_000,
);

test("the collection is the whole one", () => {
  expect(examples.length).toBeGreaterThanOrEqual(329);
  expect(new Set(examples.map(({ event }) => event)).size).toBeGreaterThan(50);
});
