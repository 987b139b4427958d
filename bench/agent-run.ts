// One conversation of the benchmark, by AFU-9's worker or by the bare SDKs, each in a process of its own.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { signCapability } from "../shared/capability.ts";
import { connectDatabase } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues } from "../shared/queue.ts";
import type { Window } from "../worker/agent/compaction.ts";
import { type Asked, serveFiles, serveModel, type Talk } from "./agent-server.ts";
import { start } from "./executions.ts";

const secret = "a secret of the benchmarks, 32 bytes";
const place = { installation: 1, repository: { id: 1, owner: "acme", name: "sample" } };
const system = "You read what there is, and say what it is. ".repeat(30).trim();

export type Conversation = {
  asked: Asked[];
  /** Of each conversation: the processor time that the process had used when each turn was asked for, in milliseconds. */
  cpuMs: number[][];
  /** The bytes of the transcript's rows. */
  journalBytes: number;
};
export type Options = Talk & {
  databaseUrl: string;
  signal: AbortSignal;
  window?: Window;
  /** How many conversations are measured, after one that is not: a worker does not begin with each execution. */
  measured?: number;
};

/** AFU-9: the execution is a row, and a worker runs it. */
export async function runWorker(options: Options): Promise<Conversation> {
  const { databaseUrl, turns, window } = options;
  await using stack = new AsyncDisposableStack();
  const db = connectDatabase(databaseUrl, { max: 2 });
  stack.defer(db.close);
  const queues = createQueues({ databaseUrl, log: createLogger("bench", "silent") });
  stack.defer(queues.close);
  const files = await serveFiles(options, secret);
  stack.defer(files.close);
  const row = { name: "workspace", endpoint: files.url, timeoutMs: 10_000, retries: 3 };
  await db.prisma.mcpServer.upsert({ where: { name: row.name }, create: row, update: row });
  const source =
    "name: bench\non: {}\nsteps: [{ id: read, agent: bench, with: { task: Read the parts. } }]\n";
  let id = "";
  const begin = async () => {
    id = await start(source, place, Math.floor(Math.random() * 1e9), { db, queues });
    // The repository's configuration is known: no GitHub is asked for it.
    await db.pool.query("UPDATE workflow_executions SET config = '{}' WHERE id = $1", [id]);
  };
  const agent = `---
tools: [workspace.readFile, workspace.editFile]
limits: { turns: ${turns + 20}, minutes: 60 }
output: { type: object, required: [summary], properties: { summary: { type: string } } }
---
${system}`;
  const talked = await talk("agent-worker.ts", { ...options, begin }, { databaseUrl, secret, agent, window });
  const { status, error } = await db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
  if (status !== "succeeded") throw new Error(`The execution is ${status}: ${error}`);
  const { rows } = await db.pool.query<{ bytes: string }>(
    `SELECT sum(octet_length(message::text)) AS bytes FROM agent_messages m JOIN agent_runs r ON r.id = m.agent_run_id
      WHERE r.execution_id = $1`,
    [id],
  );
  return { ...talked, journalBytes: Number(rows[0]?.bytes) };
}

/** The same turns without anything around them. */
export async function runBare(options: Options): Promise<Conversation> {
  await using stack = new AsyncDisposableStack();
  const files = await serveFiles(options, secret);
  stack.defer(files.close);
  const capability = {
    execution: "bare",
    installation: 1,
    repository: { owner: "acme", repo: "sample" },
    tools: ["workspace.readFile", "workspace.editFile"],
  };
  const token = await signCapability(capability, secret, 3600);
  const more = { toolsUrl: files.url, token, system, task: "Read the parts." };
  return { ...(await talk("agent-bare.ts", { ...options, begin: async () => {} }, more)), journalBytes: 0 };
}

/** Starts a process and lets it talk to a model, as often as is to be measured. What was asked is of the last time. */
async function talk(
  file: string,
  options: Options & { begin(): Promise<void> },
  more: object,
): Promise<Omit<Conversation, "journalBytes">> {
  const { signal, begin, measured = 0 } = options;
  const cpuMs: number[][] = [];
  await using model = await serveModel(options, () => cpuMs.at(-1)?.push(cpuOf(child.pid)));
  const settings = JSON.stringify({ modelUrl: model.url, ...more });
  const child = fork(join(import.meta.dirname, file), [settings], { signal });
  const answered = async (expected: string) => {
    const [answer] = await once(child, "message", { signal });
    if (answer !== expected) throw new Error(`Expected ${file} to be ${expected}, got ${answer}.`);
  };
  await answered("ready");
  for (let round = 0; round <= measured; round++) {
    cpuMs.push([]);
    model.asked.length = 0;
    await begin();
    child.send("go");
    await answered("done");
  }
  const ended = once(child, "exit");
  child.send("end");
  await ended;
  return { asked: model.asked, cpuMs: cpuMs.slice(1) };
}

/** What all threads of a process have used, by the kernel's count in nanoseconds. */
function cpuOf(pid: number | undefined): number {
  const tasks = `/proc/${pid}/task`;
  const used = readdirSync(tasks).map((task) =>
    Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]),
  );
  return used.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
}
