// Models for flows whose conversations differ: each case has a script of its own, and names review threads as it meets them.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Script } from "../local/model/script.ts";
import { startModel } from "../local/model/start-model.ts";
import { createLogger } from "../shared/logger.ts";

/** Which script is played: that of the first case whose words stand in the request. */
export type Case = { when: string; script: Script };

type Options = {
  /** Is waited for before a turn is answered: the first one is number 1. */
  beforeTurn?(turn: number): Promise<unknown>;
};

const digits = [..."①②③④⑤⑥⑦⑧⑨"];

/**
 * Serves the scripts as one model, in this process. In a reply ① stands for the first review thread that the conversation
 * names, ② for the second: what GitHub calls them nobody knows beforehand.
 */
export async function startModels(cases: Case[], { beforeTurn }: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "afu9-models-"));
  const models = await Promise.all(
    cases.map(async ({ when, script }, index) => {
      const file = join(folder, `${index}.json`);
      await writeFile(file, JSON.stringify(script));
      return { when, ...(await startModel({ script: file, port: 0, log: createLogger("model", "silent") })) };
    }),
  );
  const asked: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    // A worker asks for the list of models to see whether its key is good.
    const isTurn = request.method === "POST";
    const turn = isTurn ? asked.push(body) : 0;
    if (isTurn) await beforeTurn?.(turn);
    const model = isTurn ? models.find(({ when }) => body.includes(when)) : models[0];
    const threads = [...new Set(body.match(/\bPRRT_\w+/g))];
    const kept = ["authorization", "x-api-key", "anthropic-version", "content-type"];
    const headers = kept.flatMap((name) =>
      request.headers[name] ? [[name, String(request.headers[name])]] : [],
    );
    const given = await fetch(`${model?.url}${request.url}`, {
      ...{ method: request.method, headers: Object.fromEntries(headers) },
      ...(isTurn && { body }),
    });
    const words = (await given.text()).replace(/[①-⑨]/g, (digit) => threads[digits.indexOf(digit)] ?? digit);
    response.writeHead(given.status, { "content-type": given.headers.get("content-type") ?? "" });
    response.end(words);
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The requests for a turn, as they came. */
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await Promise.all(models.map((model) => model.close()));
      await rm(folder, { recursive: true });
    },
  };
}
