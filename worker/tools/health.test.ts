import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pino } from "pino";
import { eventually } from "../../test/eventually.ts";
import { registered } from "../../test/open-toolbox.ts";
import { checkHealth, watchHealth } from "./health.ts";

let status = 200;
let asked = 0;
let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    response.writeHead(request.url === "/health" ? status : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
});
afterAll(() => void server.close());

test("a change of a server's health is logged once, and switched off and third parties' servers are not asked", async () => {
  const lines: string[] = [];
  const log = pino(
    { messageKey: "message" },
    new PassThrough().on("data", (line) => lines.push(String(line))),
  );
  const servers = [
    registered("github", endpoint),
    registered("off", endpoint, { enabled: false }),
    registered("wiki", endpoint, { isThirdParty: true }),
  ];
  const rounds = (count: number) => {
    const until = asked + count;
    return eventually("it to be asked", async () => (asked >= until ? true : undefined));
  };
  const watch = watchHealth(async () => servers, log, { intervalMs: 1 });
  await rounds(3);
  expect(lines).toEqual([]);
  status = 503;
  await rounds(4);
  status = 200;
  await rounds(4);
  watch.stop();
  const told = lines.map((line) => JSON.parse(line)).map(({ message, server }) => `${server}: ${message}`);
  expect(told).toEqual(["github: mcp server is not well", "github: mcp server is well again"]);
});

test("what is wrong is said in words", async () => {
  status = 500;
  expect(await checkHealth({ endpoint })).toBe("its /health answers with HTTP 500");
  status = 200;
  expect(await checkHealth({ endpoint })).toBeUndefined();
  expect(await checkHealth({ endpoint: "http://127.0.0.1:9/mcp" })).toMatch(/fetch failed/);
});
