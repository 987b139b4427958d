// A local GitHub with executions whose reports are written to it.
import { randomUUID } from "node:crypto";
import { openWorld, owner, repo } from "../local/github/testing/world.ts";
import { connectDatabase } from "../shared/db.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { report } from "../worker/report/report.ts";
import { createDatabase } from "./database.ts";

const log = createLogger("test", "silent");
const opening = "name: w\non: {}\nsteps: [{ id: pr, tool: github.createPullRequest }]\n";
const reviewing = `name: w
on: {}
steps:
  - { id: review, agent: review }
  - { id: commit, tool: github.commitChanges }
  - { id: post, tool: github.createReview }
`;

type Made = {
  source?: string;
  number?: number;
  pullRequest?: object;
  config?: object;
  /** What set it off, beside the rest. */
  trigger?: object;
  /** Whether what set it off tells what GraphQL calls its issue and repository. */
  hasNodes?: boolean;
};

/** One database for the tests of a file, and a GitHub for each of them. */
export async function openReports() {
  const database = await createDatabase();
  const db = connectDatabase(database.url, { max: 6 });
  return {
    next: () => openOne(db),
    async close() {
      await db.close();
      await database.drop();
    },
  };
}

export type Reports = Awaited<ReturnType<typeof openOne>>;

async function openOne(db: ReturnType<typeof connectDatabase>) {
  const world = await openWorld();
  const nudged: string[] = [];
  const queues = {
    nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
    waiting: async () => 0,
    work() {},
    close: async () => {},
  };
  const github = createGitHubApp(
    {
      APP_ID: world.app.id,
      PRIVATE_KEY: world.app.privateKey,
      GITHUB_API_URL: `${world.url}/api/v3`,
      GITHUB_SERVER_URL: world.url,
    },
    log,
    { retry: { retryAfterBaseValue: 0 }, throttle: { enabled: false as const } },
  );
  const { rest } = world.octokit;

  /** A step that has succeeded. */
  async function left(id: string, step: string, output: object): Promise<void> {
    await db.pool.query(
      `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, output)
       VALUES (date_trunc('month', now())::date, $1, $2, 1, 0, 'succeeded', $3)`,
      [id, step, output],
    );
  }

  async function execution({ source = opening, pullRequest, config, ...more }: Made = {}) {
    const number =
      more.number ?? (await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" })).data.number;
    const issue = (await rest.issues.get({ owner, repo, issue_number: number })).data;
    const { data: head } = await rest.git.getRef({ owner, repo, ref: "heads/main" });
    const node = more.hasNodes === false ? undefined : (await rest.repos.get({ owner, repo })).data.node_id;
    const { prisma } = db;
    const repositoryId = BigInt(world.repository.id);
    const known = { installationId: world.installation.id, owner, name: repo, defaultBranch: "main" };
    await prisma.repository.upsert({
      where: { id: repositoryId },
      create: { id: repositoryId, ...known },
      update: known,
    });
    const workflow = await prisma.workflow.create({ data: { name: "w", version: randomUUID(), source } });
    const deliveryId = randomUUID();
    const { id } = await prisma.workflowExecution.create({
      data: {
        workflowId: workflow.id,
        repositoryId,
        installationId: 1,
        issueNumber: number,
        deliveryId,
        status: "succeeded",
        revision: 4,
        startedAt: new Date(),
        finishedAt: new Date(),
        config,
        trigger: {
          kind: "label",
          delivery: deliveryId,
          installation: world.installation.id,
          sender: { id: 1, login: "pat" },
          repository: { id: world.repository.id, owner, name: repo, defaultBranch: "main", node },
          issue: { number, title: "A bug", node: node && issue.node_id },
          pullRequest,
          ...more.trigger,
        },
      },
    });
    return { id, issue_number: number, sha: head.object.sha };
  }

  return {
    db,
    world,
    nudged,
    left,
    execution,
    report: (id: string) => report(id, { db, queues, log, serverUrl: world.url, github }),
    row: (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } }),
    set: (id: string, data: object) => db.prisma.workflowExecution.update({ where: { id }, data }),
    /** An issue, and an execution for it that has opened its pull request and ended. */
    async endedExecution(more: Made = {}) {
      const made = await execution(more);
      await left(made.id, "pr", { number: 9, headSha: made.sha });
      return made;
    },
    /** A review of a pull request that has ended. */
    async review(findings: object[]) {
      const { data: pull } = await rest.pulls.create({
        ...{ owner, repo, title: "Fix", head: "feature", base: "main" },
      });
      const head = { ref: "feature", sha: pull.head.sha, repository: `${owner}/${repo}` };
      const base = { ref: "main", sha: pull.base.sha };
      const pullRequest = { number: pull.number, head, base, isFork: false, byApp: false };
      const made = await execution({ source: reviewing, number: pull.number, pullRequest });
      await left(made.id, "review", { summary: "s", findings });
      return { ...made, head: pull.head.sha };
    },
    comments: async (issue_number: number) =>
      (await rest.issues.listComments({ owner, repo, issue_number })).data,
    checkRuns: async (ref: string) => (await rest.checks.listForRef({ owner, repo, ref })).data.check_runs,
    async labels(issue_number: number) {
      const { data } = await rest.issues.listLabelsOnIssue({ owner, repo, issue_number });
      return data.map(({ name }) => name);
    },
    /** What reports asked of GitHub since this was last forgotten, without tokens. */
    async asked() {
      const requests = (await world.github.requests()).filter(({ path }) => !path.endsWith("/access_tokens"));
      return requests.map(({ method, path }) => `${method} ${path}`);
    },
    async close() {
      await world.close();
      // The next GitHub begins with the same numbers.
      await db.prisma.workflowExecution.deleteMany();
      await db.prisma.repository.deleteMany();
    },
  };
}
