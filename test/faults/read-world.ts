// Reads the world from where it is: the database, the local GitHub and its bare repository, the model's log, the disk.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { RepositoryDetails } from "../../local/github/client.ts";
import { parseLog } from "../../local/supervised-process.ts";
import type { Database } from "../../shared/db.ts";
import type { Platform } from "../system.ts";
import type { StormedDelivery } from "./webhook-storm.ts";
import type { World } from "./world.ts";
import { readWrongs } from "./writers-book.ts";

const run = promisify(execFile);

type Sources = { platform: Platform; deliveries: StormedDelivery[]; issues: number[] };

export async function readWorld({ platform, deliveries, issues }: Sources): Promise<World> {
  const { db, github, folder, lines } = platform;
  return {
    accepted: deliveries.filter(({ accepted }) => accepted > 0),
    issues,
    asked: readAsked(lines),
    ...(await readRows(db)),
    wrongs: await readWrongs(db.pool),
    github: await readGitHub(await github.repository("acme/sample")),
    workspaces: await checkoutsIn(join(folder, "workspaces")),
  };
}

type Rows = Pick<World, "deliveries" | "executions" | "steps" | "turns" | "toolCalls">;

async function readRows({ pool }: Database): Promise<Rows> {
  const rows = async <T extends object>(sql: string) => (await pool.query<T>(sql)).rows;
  const messages = await rows<{ execution: string; run: string; message: object; savedAt: Date }>(
    `SELECT r.execution_id AS execution, r.id AS run, m.message, m.created_at AS "savedAt"
       FROM agent_messages m JOIN agent_runs r ON r.id = m.agent_run_id ORDER BY r.id, m.sequence`,
  );
  return {
    deliveries: await rows("SELECT id, status, error FROM webhook_deliveries"),
    executions: await rows(
      `SELECT id, issue_number AS issue, delivery_id AS delivery, status, error, finished_at IS NOT NULL AS "isFinished",
              reported = revision AS "isReported" FROM workflow_executions`,
    ),
    steps: await rows("SELECT execution_id AS execution, step_id AS step, status FROM workflow_steps"),
    toolCalls: await rows(
      `SELECT execution_id AS execution, sequence, prev_hash AS "prevHash", hash FROM mcp_tool_calls`,
    ),
    turns: [...Map.groupBy(messages, ({ run }) => run).values()].flatMap(turnsOf),
  };
}

const Said = z.object({ role: z.string(), text: z.string().optional() });

/** The model's turns in one conversation, which the hash of its first text names. */
function turnsOf(messages: { execution: string; message: object; savedAt: Date }[]): World["turns"] {
  const said = messages.map(({ message, ...row }) => ({ ...row, ...Said.parse(message) }));
  const conversation = createHash("sha256")
    .update(said[0]?.text ?? "")
    .digest("hex");
  return said
    .filter(({ role }) => role === "assistant")
    .map(({ execution, savedAt }, index) => ({
      execution,
      conversation,
      turn: index + 1,
      savedAt: savedAt.getTime(),
    }));
}

const Asked = z.object({
  message: z.literal("turn asked for"),
  conversation: z.string(),
  turn: z.number(),
  timestamp: z.string().transform((text) => Date.parse(text)),
});

function readAsked(lines: string[]): World["asked"] {
  return lines.flatMap((line) => {
    const asked = line.startsWith("model ")
      ? Asked.safeParse(parseLog(line.slice("model ".length)))
      : undefined;
    if (!asked?.success) return [];
    const { conversation, turn, timestamp } = asked.data;
    return [{ conversation, turn, at: timestamp }];
  });
}

async function readGitHub(repository: RepositoryDetails): Promise<World["github"]> {
  const { path, default_branch: defaultBranch, branches, issues, pulls, check_runs: runs } = repository;
  return {
    defaultBranch,
    branches: await Promise.all(
      Object.entries(branches).map(async ([name, sha]) => {
        const { stdout } = await run("git", [
          "-C",
          path,
          "rev-list",
          "--count",
          `${branches[defaultBranch]}..${sha}`,
        ]);
        return { name, commits: Number(stdout) };
      }),
    ),
    pulls: pulls.map(({ number, body, head }) => ({ number, body: body ?? "", head: head?.ref ?? "" })),
    // Commands are comments as well, and people's.
    comments: [...issues, ...pulls].flatMap(({ number, comments }) =>
      comments.filter(({ author }) => author.endsWith("[bot]")).map(({ body }) => ({ issue: number, body })),
    ),
    checkRuns: runs.map(({ external_id, status, conclusion }) => ({
      externalId: external_id,
      status,
      conclusion,
    })),
  };
}

/** The mirrors, beside the checkouts, are there to stay. */
async function checkoutsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name !== ".mirrors");
}
