// What a worker adds to a tool call: discovery, routing, policy, audit and redaction, against the bare SDK. A call's row
// in the audit is written with what the call gave, in one statement. So both sides save that, and what the worker's call takes
// longer is what it adds.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type CallToolResult, Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";
import { signCapability } from "../shared/capability.ts";
import { connectDatabase } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues } from "../shared/queue.ts";
import { createRedact } from "../shared/redact.ts";
import type { Trigger } from "../shared/trigger.ts";
import { secret } from "../test/start-test-workspace.ts";
import { createTranscriptStore } from "../worker/agent/transcript.ts";
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
  const { box, openBox, save } = worker;
  const bare = await openBare({ ...worker, mode: "legacy" }, stack);
  const modern = await openBare({ ...worker, mode: "auto" }, stack);

  const times = { bare: [], modern: [], saved: [], call: [], step: [] } as Record<string, number[]>;
  const ways: [string, () => Promise<unknown>][] = [
    ["bare", bare],
    ["modern", modern],
    ["saved", async () => save(textOf(await bare()))],
    ["call", async () => save((await box.call({ tool, input, signal: never })).text)],
    ["step", async () => save((await (await openBox()).call({ tool, input, signal: never })).text)],
  ];
  const [rounds, warmUp] = isShort ? [20, 5] : [1500, 200];
  for (let round = 0; round < rounds + warmUp; round++) {
    signal.throwIfAborted();
    // In turns, so that none has a quieter machine than the others.
    for (let turn = 0; turn < ways.length; turn++) {
      const [way, work] = ways[(turn + round) % ways.length] ?? ["bare", bare];
      const startedAt = performance.now();
      await work();
      if (round >= warmUp) times[way]?.push(performance.now() - startedAt);
    }
  }
  const median = (way: string) => quantile(times[way] ?? [], 0.5);
  const added = (way: string) => 1 + (median(way) - median("saved")) / median("bare");
  const unit = "× one bare SDK call";
  report(
    { what: `one bare SDK call, median of ${rounds}`, value: median("bare"), unit: "ms" },
    { what: "for comparison, one by the protocol of 2026", value: median("modern") / median("bare"), unit },
    { what: "for comparison, one that is saved", value: median("saved") / median("bare"), unit },
    { what: "a call of an agent's step", value: added("call"), unit, atMost: 1.3 },
    { what: "a step that is one call", value: added("step"), unit, atMost: 1.3 },
  );
}

function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
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
  const redact = createRedact([secret]);
  const audit = openAudit(db.pool, claim, redact);
  const transcript = await createTranscriptStore(db.pool, claim, { onChange() {}, audit }).open({
    ...{ stepId: "bench", agent: "bench", model: { provider: "anthropic", name: "none" } },
    ...{ system: "", tools: [] },
  });
  const save = (text: string) =>
    transcript.say({ role: "tool", callId: "1", name: "readFile", text, isError: false, durationMs: 1 });
  const open = createToolboxes({
    execution,
    registry: openRegistry(db),
    mcp: servers,
    secret,
    audit,
    redact,
    mintReadToken: async () => "",
  });
  const openBox = () => open({ stepId: "bench", tools: [tool] });
  return { endpoint, execution, box: await openBox(), openBox, save };
}
