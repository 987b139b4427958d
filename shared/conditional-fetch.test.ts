import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createConditionalFetch } from "./conditional-fetch.ts";

const asked: { path: string; tag: string | undefined }[] = [];
const server = createServer((request, response) => {
  const path = request.url ?? "";
  asked.push({ path, tag: request.headers["if-none-match"] });
  if (path === "/moved") return response.writeHead(302, { location: "/log" }).end();
  response.setHeader("etag", `"${path}"`);
  if (request.headers["if-none-match"] === `"${path}"`) return response.writeHead(304).end();
  response.end("x".repeat(100));
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const conditional = () => createConditionalFetch({ maxBytes: 250, maxEach: 150 })("scope");

test("what is kept has an end: the answer that was used longest ago is asked for anew", async () => {
  const get = conditional();
  for (const path of ["/a", "/b", "/a", "/c", "/a", "/b"]) {
    expect(await (await get(`${url}${path}`, { method: "GET" })).text()).toHaveLength(100);
  }
  expect(asked.map(({ tag }) => tag)).toEqual([undefined, undefined, '"/a"', undefined, '"/a"', undefined]);
});

test("an answer that is too big is not kept", async () => {
  const get = createConditionalFetch({ maxBytes: 250, maxEach: 99 })("scope");
  for (const _ of [1, 2]) await (await get(`${url}/a`, { method: "GET" })).text();
  expect(asked.map(({ tag }) => tag)).toEqual([undefined, undefined]);
});

test("an answer from another address, and that of a write, is not kept", async () => {
  const get = conditional();
  for (const method of ["GET", "GET", "POST", "POST"]) await (await get(`${url}/moved`, { method })).text();
  expect(asked.map(({ tag }) => tag).filter(Boolean)).toEqual([]);
});
