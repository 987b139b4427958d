import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { createServer } from "./server.ts";

const secret = "a secret of the tests";
const githubUrl = "https://github.example";
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

const type = { "content-type": "application/json" };
type Sent = {
  headers?: Record<string, string>;
  signedWith?: string;
  to?: Database;
  path?: string;
  secrets?: string[];
};

async function send(id: string, body: Buffer, sent: Sent = {}): Promise<number> {
  const { headers, signedWith = secret, to = db, path = "/api/webhooks/github", secrets = [secret] } = sent;
  const signature = `sha256=${createHmac("sha256", signedWith).update(body).digest("hex")}`;
  const server = createServer({ db: to, queues, secrets, githubUrl, log });
  const response = await server.request(path, {
    method: "POST",
    body: new Uint8Array(body),
    headers: {
      "content-length": String(body.length),
      "x-hub-signature-256": signature,
      ...type,
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
    const id = path.replaceAll("/", "-");
    expect(await send(id, body, { path })).toBe(202);
    const row = await saved(id);
    expect(row).toMatchObject({ event: "issues", status: "received" });
    expect(Buffer.from(row?.payload ?? []).equals(body)).toBe(true);
    expect(nudged).toEqual([`deliveries ${id}`]);
  },
);

test("editors get the schema of a repository's configuration", async () => {
  const server = createServer({ db, queues, secrets: [secret], githubUrl, log });
  const answer = await server.request("/afu9.schema.json");
  expect(await answer.json()).toMatchObject({ properties: { labels: {}, verify: {} } });
});

test("a delivery that comes again is a 2xx, and the first row stays", async () => {
  expect(await send("again", Buffer.from("{}"))).toBe(202);
  expect(await send("again", Buffer.from('{"other":1}'))).toBe(202);
  expect(Buffer.from((await saved("again"))?.payload ?? []).toString()).toBe("{}");
});

test.each([
  ["NUL-bytes", Buffer.from('{"a":"\u0000"}\u0000')],
  ["bytes-that-are-not-UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ["nothing", Buffer.alloc(0)],
])("a signed body of %s is taken as it is", async (name, body) => {
  expect(await send(name, body)).toBe(202);
  expect(Buffer.from((await saved(name))?.payload ?? []).equals(body)).toBe(true);
});

const named = { "x-github-delivery": "forged", "x-github-event": "issues" };
const hmac = (algorithm: string) => createHmac(algorithm, secret).update("{}").digest("hex");

test.each<[string, Record<string, string>]>([
  ["no signature", { "x-hub-signature-256": "" }],
  ["an empty signature", { "x-hub-signature-256": "sha256=" }],
  ["the signature of another secret", { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }],
  ["only a SHA-1", { "x-hub-signature-256": "", "x-hub-signature": `sha1=${hmac("sha1")}` }],
  ["a SHA-1 as the SHA-256", { "x-hub-signature-256": `sha1=${hmac("sha1")}` }],
  ["the secret itself", { "x-hub-signature-256": secret }],
  ["the secret after sha256=", { "x-hub-signature-256": `sha256=${secret}` }],
  ["the signature in capitals", { "x-hub-signature-256": `sha256=${hmac("sha256").toUpperCase()}` }],
  ["two signatures", { "x-hub-signature-256": `sha256=${hmac("sha256")}, sha256=${hmac("sha256")}` }],
])("%s is a 401 and no row", async (_name, headers) => {
  expect(await send("forged", Buffer.from("{}"), { headers: { ...named, ...headers } })).toBe(401);
  expect(await saved("forged")).toBeNull();
});

test("while the secret changes both are valid, and no third", async () => {
  const secrets = ["the new secret of the tests", secret];
  expect(
    await send("new-secret", Buffer.from("{}"), { signedWith: "the new secret of the tests", secrets }),
  ).toBe(202);
  expect(await send("old-secret", Buffer.from("{}"), { signedWith: secret, secrets })).toBe(202);
  expect(await send("third-secret", Buffer.from("{}"), { signedWith: "a third secret", secrets })).toBe(401);
});

test.each(["application/x-www-form-urlencoded", "text/plain", "", "application/jsonx"])(
  "the content type %j is a 415 and no row, also when it is signed",
  async (contentType) => {
    const headers = { ...named, "content-type": contentType };
    expect(await send("typed", Buffer.from("payload=%7B%7D"), { headers })).toBe(415);
    expect(await saved("forged")).toBeNull();
  },
);

test("the content type may name its character set", async () => {
  const headers = {
    ...named,
    "x-github-delivery": "charset",
    "content-type": "application/json; charset=utf-8",
  };
  expect(await send("charset", Buffer.from("{}"), { headers })).toBe(202);
});

test.each([
  ["an id of 101 characters", { ...named, "x-github-delivery": "d".repeat(101) }],
  ["an id with a space", { ...named, "x-github-delivery": "a b" }],
  ["an event with a slash", { ...named, "x-github-event": "../issues" }],
])("%s is a 400 and no row", async (_name, headers) => {
  expect(await send("odd", Buffer.from("{}"), { headers })).toBe(400);
});

test("what is not signed is refused before its body is read", async () => {
  let isRead = false;
  const body = new ReadableStream(
    {
      pull() {
        isRead = true;
        throw new Error("nobody should read this");
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: "POST", body, duplex: "half", headers: { ...named, ...type } } as RequestInit;
  const response = await createServer({
    db,
    queues,
    secrets: [secret],
    githubUrl: "https://github.example",
    log,
  }).request("/api/webhooks/github", init);
  expect([response.status, isRead]).toEqual([401, false]);
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
  expect(
    (await createServer({ db: gone, queues, secrets: [secret], githubUrl, log }).request("/api/health"))
      .status,
  ).toBe(503);
});

test("when the nudge fails the delivery is taken all the same", async () => {
  const broken = { ...queues, nudge: () => Promise.reject(new Error("the queue is down")) };
  const body = Buffer.from("{}");
  const response = await createServer({ db, queues: broken, secrets: [secret], githubUrl, log }).request(
    "/api/webhooks/github",
    {
      method: "POST",
      body,
      headers: {
        "x-github-delivery": "no-queue",
        "x-github-event": "issues",
        ...type,
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      },
    },
  );
  expect(response.status).toBe(202);
  expect(await saved("no-queue")).toMatchObject({ status: "received" });
});
