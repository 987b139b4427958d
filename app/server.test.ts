import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { createServer } from "./server.ts";

const secret = "a secret of the tests";
const log = createLogger("test", "silent");
let database: TestDatabase;
let db: Database;
const nudged: string[] = [];
const queues = {
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  waiting: async () => 0,
  work() {},
  close: async () => {},
};
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 2 });
});
beforeEach(() => {
  nudged.length = 0;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

type Sent = { headers?: Record<string, string>; signedWith?: string; to?: Database; path?: string };

async function send(id: string, body: Buffer, sent: Sent = {}): Promise<number> {
  const { headers, signedWith = secret, to = db, path = "/api/webhooks/github" } = sent;
  const signature = `sha256=${createHmac("sha256", signedWith).update(body).digest("hex")}`;
  const server = createServer({ db: to, queues, secret, log });
  const response = await server.request(path, {
    method: "POST",
    body: new Uint8Array(body),
    headers: {
      "content-length": String(body.length),
      "x-hub-signature-256": signature,
      ...(headers ?? { "x-github-delivery": id, "x-github-event": "issues" }),
    },
  });
  return response.status;
}
const saved = (id: string) => db.prisma.webhookDelivery.findUnique({ where: { id } });

test.each(["/api/webhooks/github", "/api/github/webhooks"])(
  "a signed delivery at %s is a row, byte for byte, and a nudge",
  async (path) => {
    const body = Buffer.from('{ "a":  1 }');
    expect(await send(path, body, { path })).toBe(202);
    const row = await saved(path);
    expect(row).toMatchObject({ event: "issues", status: "received" });
    expect(Buffer.from(row?.payload ?? []).equals(body)).toBe(true);
    expect(nudged).toEqual([`deliveries ${path}`]);
  },
);

test("a delivery that comes again is a 2xx, and the first row stays", async () => {
  expect(await send("again", Buffer.from("{}"))).toBe(202);
  expect(await send("again", Buffer.from('{"other":1}'))).toBe(202);
  expect(Buffer.from((await saved("again"))?.payload ?? []).toString()).toBe("{}");
});

test.each([
  ["NUL bytes", Buffer.from('{"a":"\u0000"}\u0000')],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ["nothing", Buffer.alloc(0)],
])("a signed body of %s is taken as it is", async (name, body) => {
  expect(await send(name, body)).toBe(202);
  expect(Buffer.from((await saved(name))?.payload ?? []).equals(body)).toBe(true);
});

test("a wrong signature, or none, is a 401 and no row", async () => {
  expect(await send("forged", Buffer.from("{}"), { signedWith: "another" })).toBe(401);
  const headers = { "x-github-delivery": "forged", "x-github-event": "issues" };
  expect(
    await send("forged", Buffer.from("{}"), { headers: { ...headers, "x-hub-signature-256": "sha256=" } }),
  ).toBe(401);
  expect(await saved("forged")).toBeNull();
});

test.each<Record<string, string>>([{ "x-github-event": "issues" }, { "x-github-delivery": "nameless" }])(
  "with nothing but %j a signed body is a 400",
  async (headers) => {
    expect(await send("nameless", Buffer.from("{}"), { headers })).toBe(400);
    expect(await saved("nameless")).toBeNull();
  },
);

test("a body over 25 MB is a 413 and no row", async () => {
  expect(await send("large", Buffer.alloc(25 * 1024 * 1024 + 1, 0x20))).toBe(413);
  expect(await saved("large")).toBeNull();
});

test("while the database can't be asked there is a 500 and no 2xx, and health says so", async () => {
  const gone = connectDatabase(database.url, { max: 1 });
  await gone.close();
  expect(await send("down", Buffer.from("{}"), { to: gone })).toBe(500);
  expect(nudged).toEqual([]);
  expect((await createServer({ db: gone, queues, secret, log }).request("/api/health")).status).toBe(503);
});

test("when the nudge fails the delivery is taken all the same", async () => {
  const broken = { ...queues, nudge: () => Promise.reject(new Error("the queue is down")) };
  const body = Buffer.from("{}");
  const response = await createServer({ db, queues: broken, secret, log }).request("/api/webhooks/github", {
    method: "POST",
    body,
    headers: {
      "x-github-delivery": "no-queue",
      "x-github-event": "issues",
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
  });
  expect(response.status).toBe(202);
  expect(await saved("no-queue")).toMatchObject({ status: "received" });
});
