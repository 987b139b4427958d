// MCP servers whose tools take their time and do nothing else.
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { serve } from "../mcp-servers/serve.ts";
import { tool } from "../mcp-servers/tool.ts";
import { createLogger } from "../shared/logger.ts";

const sleep = tool<object>()({
  name: "sleep",
  description: "Take some time.",
  effect: "read",
  input: z.object({ seconds: z.number().positive() }),
  async run({ seconds }, _, { signal }) {
    await setTimeout(seconds * 1000, undefined, { signal });
    return { slept: seconds };
  },
});

/** The tools of the agent `plan`, each of which takes a second. */
const looks = ["listFiles", "readFile", "searchCode"].map((name) =>
  tool<object>()({
    name,
    description: "Take a second.",
    effect: "read",
    input: z.object({ path: z.string() }),
    async run(_input, _, { signal }) {
      await setTimeout(1000, undefined, { signal });
      return { found: "nothing" };
    },
  }),
);

export type SlowServers = AsyncDisposable & { bench: string; workspace: string };

/** Serves `bench.sleep`, and a workspace in which looking takes a second. */
export async function serveSlowly(secret: string): Promise<SlowServers> {
  await using starting = new AsyncDisposableStack();
  const start = async (name: string, tools: Parameters<typeof serve<object>>[0]["tools"]) => {
    const log = createLogger(name, "silent");
    const common = { port: 0, host: "127.0.0.1", secrets: [secret], closeGraceMs: 0 };
    const server = await serve<object>({ name, tools, deps: {}, log, ...common });
    starting.defer(server.close);
    return server.url;
  };
  const urls = { bench: await start("bench", [sleep]), workspace: await start("workspace", looks) };
  const running = starting.move();
  return { ...urls, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
