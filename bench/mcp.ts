// What a worker adds to a tool call: discovery, routing, policy, audit and redaction, against the bare SDK.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";
import { serve } from "../mcp-servers/serve.ts";
import { tool } from "../mcp-servers/tool.ts";
import { signCapability } from "../shared/capability.ts";
import { connectDatabase } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues } from "../shared/queue.ts";
import { createRedact } from "../shared/redact.ts";
import { claimDue } from "../worker/engine/claim.ts";
import { openAudit } from "../worker/tools/audit.ts";
import { createMcpServers } from "../worker/tools/mcp-servers.ts";
import { openRegistry } from "../worker/tools/registry.ts";
import { createToolboxes } from "../worker/tools/toolbox.ts";
import type { Bench } from "./benchmark.ts";
import { openDatabase } from "./database.ts";
import { sleeping, start } from "./executions.ts";
import { quantile } from "./figure.ts";

const secret = "the secret of the benchmark";
const log = createLogger("bench", "silent");
const place = { installation: 1, repository: { id: 1, owner: "acme", name: "sample" } };
const { signal: never } = new AbortController();

/** What reading a file might give: 4 kB of text. */
const readFile = tool<object>()({
  name: "readFile",
  description: "Read a file of the repository.",
  effect: "read",
  input: z.object({ path: z.string() }),
  output: z.object({ path: z.string(), text: z.string() }),
  run: async ({ path }) => ({ path, text: "export const sum = (a, b) => a + b;\n".repeat(110) }),
});
const input = { path: "src/index.js" };

export async function mcp({ signal, isShort, report }: Bench): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const common = { port: 0, host: "127.0.0.1", secrets: [secret], closeGraceMs: 0 };
  const server = await serve<object>({ name: "bench", tools: [readFile], deps: {}, log, ...common });
  stack.defer(server.close);
  const bare = await openBare(server.url, "legacy", stack);
  const { box, openBox } = await openWorker(server.url, stack);

  const times = { bare: [] as number[], modern: [] as number[], call: [] as number[], step: [] as number[] };
  const ways: [keyof typeof times, () => Promise<unknown>][] = [
    ["bare", bare],
    ["modern", await openBare(server.url, "auto", stack)],
    ["call", async () => box.call({ tool: "bench.readFile", input, signal: never })],
    ["step", async () => (await openBox()).call({ tool: "bench.readFile", input, signal: never })],
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

/** The SDK's client alone, connected once, with its defaults or with the protocol that the worker speaks. */
async function openBare(url: string, mode: "legacy" | "auto", stack: AsyncDisposableStack) {
  const client = new Client({ name: "bare", version: "1.0.0" }, { versionNegotiation: { mode } });
  const nothing = { execution: "1", installation: 1, repository: { owner: "acme", repo: "sample" } };
  const token = await signCapability({ ...nothing, tools: ["bench.readFile"] }, secret, 3600);
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  stack.defer(() => client.close());
  await client.listTools();
  return () => client.callTool({ name: "readFile", arguments: input });
}

/** The same calls as a worker's steps make them, written to a PostgreSQL that writes with care. */
async function openWorker(endpoint: string, stack: AsyncDisposableStack) {
  const database = stack.use(await openDatabase());
  const db = connectDatabase(database.url, { max: 5 });
  stack.defer(db.close);
  const queues = createQueues({ databaseUrl: database.url, log });
  stack.defer(queues.close);
  await db.prisma.mcpServer.create({ data: { name: "bench", endpoint, timeoutMs: 10_000, retries: 3 } });
  const claim = await claimDue(db.pool, { id: await start(sleeping(1), place, 1, { db, queues }) });
  if (!claim) throw new Error("Expected a claim of the execution that has just begun.");
  const servers = createMcpServers({ log, headerValues: {} });
  stack.defer(servers.close);
  const open = createToolboxes({
    execution: claim,
    registry: openRegistry(db),
    mcp: servers,
    secret,
    audit: openAudit(db.pool, claim, { redact: createRedact([secret]), onChange() {} }),
    mintReadToken: async () => "",
  });
  const openBox = () => open({ stepId: "bench", tools: ["bench.readFile"] });
  return { box: await openBox(), openBox };
}
