// What an agent of the benchmark talks to: a model whose replies are made by the turn, and a tool that reads files.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { anthropic } from "../local/model/anthropic/api.ts";
import { createPromptCache } from "../local/model/prompt-cache.ts";
import { spellOut } from "../local/model/spell-out.ts";
import { serve } from "../mcp-servers/serve.ts";
import { tool } from "../mcp-servers/tool.ts";
import { createLogger } from "../shared/logger.ts";

export type Talk = {
  /** How often the model calls a tool before it answers: it reads a file twice, then it edits one. */
  turns: number;
  /** The characters of its words in each turn, and of a file that it reads. */
  said: number;
  found: number;
};

/** One request of a conversation, as it came. */
export type Asked = { body: string; at: number };

export type TalkServer = AsyncDisposable & { url: string; asked: Asked[] };

/** The model over Anthropic's API, streaming. `onTurn` is called when a turn is asked for, before it is answered. */
export async function serveModel(talk: Talk, onTurn: (turn: number) => void): Promise<TalkServer> {
  const asked: Asked[] = [];
  const cache = createPromptCache(anthropic.lookback);
  const server = createServer(async (request, response) => {
    const body = await text(request);
    asked.push({ body, at: performance.now() });
    onTurn(asked.length);
    const checked = anthropic.read(JSON.parse(body));
    if ("fault" in checked) throw new Error(checked.fault);
    const { conversation, note } = checked;
    const isSummary = /a summary that you write/.test(body.slice(-3_000));
    const reply = replyOf(talk, asked.length, isSummary);
    const at = {
      seed: String(asked.length),
      model: conversation.model,
      input: cache.take(conversation),
      note,
    };
    send(anthropic.say(spellOut(reply), at).frames, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function replyOf({ turns, said }: Talk, turn: number, isSummary: boolean) {
  const path = `src/part-${turn}.js`;
  const edit = { path, oldText: sentences("const a = 1; ", 600), newText: sentences("const b = 2; ", 600) };
  const call = turn % 3 === 0 ? { name: "editFile", input: edit } : { name: "readFile", input: { path } };
  if (isSummary) return { text: sentences("What I know by now. ", 2_000), calls: [] };
  if (turn > turns) return { text: '{"summary": "All was read."}', calls: [] };
  return { text: sentences(`Turn ${turn}. `, said), calls: [call] };
}

function send(frames: string[], response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const frame of frames) response.write(frame);
  response.end();
}

/** Serves the tools that are called: of the workspace, but for the workspace. */
export function serveFiles({ found }: Talk, secret: string) {
  const readFile = tool<object>()({
    name: "readFile",
    description: "Read a text file of the checkout.",
    effect: "read",
    input: z.object({ path: z.string() }),
    run: async ({ path }) => sentences(`export const of = "${path}"; `, found),
  });
  const editFile = tool<object>()({
    name: "editFile",
    description: "Replace a text in a file of the checkout.",
    effect: "write",
    input: z.object({ path: z.string(), oldText: z.string(), newText: z.string() }),
    run: async ({ path }) => ({ path, replaced: 1, lines: [1] }),
  });
  const describeRepository = tool<object>()({
    name: "describeRepository",
    description: "Describe the repository.",
    effect: "read",
    input: z.object({}),
    run: async () => nothingKnown,
  });
  const log = createLogger("workspace", "silent");
  return serve<object>({
    ...{ name: "workspace", tools: [readFile, editFile, describeRepository], deps: {}, log },
    ...{ port: 0, host: "127.0.0.1", secrets: [secret], closeGraceMs: 0 },
  });
}

/** A repository of which there is nothing to say: the agent's first message is its task. */
const nothingKnown = {
  ...{ base: "0".repeat(40), branch: "main", files: 0, languages: [], tree: { entries: [], omitted: 0 } },
  ...{ setup: { commands: [] }, verify: { commands: [] }, hints: [], instructions: [], moreInstructions: [] },
};

function sentences(first: string, length: number): string {
  return `${first}${"A line of it that says something. ".repeat(Math.ceil(length / 34))}`.slice(0, length);
}
