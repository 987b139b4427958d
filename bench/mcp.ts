// What a worker adds to a tool call: discovery, routing, policy, audit and redaction, against the bare SDK.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";
import { signCapability } from "../shared/capability.ts";
import { connectDatabase } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues } from "../shared/queue.ts";
import { createRedact } from "../shared/redact.ts";
import type { Trigger } from "../shared/trigger.ts";
import { secret } from "../test/start-test-workspace.ts";
import { claimDue } from "../worker/engine/claim.ts";
import { openAudit } from "../worker/tools/audit.ts";
import { createMcpServers } from "../worker/tools/mcp-servers.ts";
import { openRegistry } from "../worker/tools/registry.ts";
import { createToolboxes } from "../worker/tools/toolbox.ts";
import type { Bench } from "./benchmark.ts";
import { openDatabase } from "./database.ts";
import { sleeping, start } from "./executions.ts";
import { quantile } from "./figure.ts";

const log = createLogger("bench", "silent");
const place = { installation: 1, repository: { id: 1, owner: "acme", name: "sample" } };
const { signal: never } = new AbortController();

/** It reads a file of 4 kB. */
const tool = "workspace.readFile";
const input = { path: "sum.js" };

export async function mcp({ signal, isShort, report }: Bench): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const worker = await openWorker(stack);
  const { box, openBox } = worker;
  const bare = await openBare({ ...worker, mode: "legacy" }, stack);
  const modern = await openBare({ ...worker, mode: "auto" }, stack);

  const times = { bare: [] as number[], modern: [] as number[], call: [] as number[], step: [] as number[] };
  const ways: [keyof typeof times, () => Promise<unknown>][] = [
    ["bare", bare],
    ["modern", modern],
    ["call", async () => box.call({ tool, input, signal: never })],
    ["step", async () => (await openBox()).call({ tool, input, signal: never })],
  ];
  const [rounds, warmUp] = isShort ? [20, 5] : [1500, 200];
  for (let round = 0; round < rounds + warmUp; round++) {
    signal.throwIfAborted();
    // In turns, so that none has a quieter machine than the others.
    for (let turn = 0; turn < ways.length; turn++) {
      const [way, work] = ways[(turn + round) % ways.length] ?? ["bare", bare];
      const startedAt = performance.now();
      await work();
      if (round >= warmUp) times[way].push(performance.now() - startedAt);
    }
  }
  const median = (way: keyof typeof times) => quantile(times[way], 0.5);
  const unit = "× one bare SDK call";
  report(
    { what: `one bare SDK call, median of ${times.bare.length}`, value: median("bare"), unit: "ms" },
    { what: "for comparison, one by the protocol of 2026", value: median("modern") / median("bare"), unit },
    { what: "a call of an agent's step", value: median("call") / median("bare"), unit, atMost: 1.3 },
    { what: "a step that is one call", value: median("step") / median("bare"), unit, atMost: 1.3 },
  );
}

/** The server of the workspace with a checkout for this execution, in a process of its own as in production. */
async function startServer(execution: string, stack: AsyncDisposableStack): Promise<string> {
  const child = fork(join(import.meta.dirname, "workspace-server.ts"), [execution]);
  stack.defer(async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  });
  const [message] = await once(child, "message");
  return z.object({ url: z.url() }).parse(message).url;
}

type Bare = { endpoint: string; execution: { id: string; trigger: Trigger }; mode: "legacy" | "auto" };

/** The SDK's client alone, connected once, with its defaults or with the protocol that the worker speaks. */
async function openBare({ endpoint, execution, mode }: Bare, stack: AsyncDisposableStack) {
  const client = new Client({ name: "bare", version: "1.0.0" }, { versionNegotiation: { mode } });
  const { installation, repository } = execution.trigger;
  const may = { execution: execution.id, installation, tools: [tool] };
  const where = { owner: repository.owner, repo: repository.name };
  const token = await signCapability({ ...may, repository: where }, secret, 3600);
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), { requestInit }));
  stack.defer(() => client.close());
  await client.listTools();
  return () => client.callTool({ name: "readFile", arguments: input });
}

/** The same calls as a worker's steps make them, written to a PostgreSQL that writes with care. */
async function openWorker(stack: AsyncDisposableStack) {
  const database = stack.use(await openDatabase());
  const db = connectDatabase(database.url, { max: 5 });
  stack.defer(db.close);
  const queues = createQueues({ databaseUrl: database.url, log });
  stack.defer(queues.close);
  const claim = await claimDue(db.pool, { id: await start(sleeping(1), place, 1, { db, queues }) });
  if (!claim) throw new Error("Expected a claim of the execution that has just begun.");
  const endpoint = await startServer(claim.id, stack);
  const row = { name: "workspace", endpoint, timeoutMs: 10_000, retries: 3 };
  await db.prisma.mcpServer.create({ data: row });
  const servers = createMcpServers({ log, headerValues: {} });
  stack.defer(servers.close);
  // The test's workspace has a repository for each execution.
  const repository = { ...claim.trigger.repository, owner: "octo", name: claim.id };
  const execution = { id: claim.id, trigger: { ...claim.trigger, repository } };
  const open = createToolboxes({
    execution,
    registry: openRegistry(db),
    mcp: servers,
    secret,
    audit: openAudit(db.pool, claim, { redact: createRedact([secret]), onChange() {} }),
    mintReadToken: async () => "",
  });
  const openBox = () => open({ stepId: "bench", tools: [tool] });
  return { endpoint, execution, box: await openBox(), openBox };
}
