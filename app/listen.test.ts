import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { listen, type SenderLimits } from "./listen.ts";
import { createServer } from "./server.ts";

const secret = "a secret of the tests";
const log = createLogger("test", "silent");
const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
const hurried = { headersMs: 300, requestMs: 600 };
type Listening = { server: Server; port: number };
let database: TestDatabase;
let db: Database;
let patient: Listening;
let impatient: Listening;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 2 });
  const app = createServer({ db, queues, secrets: [secret], githubUrl: "https://github.example", log });
  const open = async (limits?: SenderLimits) => {
    const { server, url } = await listen(app, { hostname: "127.0.0.1", port: 0 }, limits);
    return { server, port: Number(new URL(url).port) };
  };
  [patient, impatient] = await Promise.all([open(), open(hurried)]);
});
afterAll(async () => {
  await Promise.all([patient, impatient].map(({ server }) => new Promise((end) => server.close(end))));
  await db.close();
  await database.drop();
});

const signed = (body: string | Buffer) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
function head(signature: string, ...more: string[]): string {
  return [
    "POST /api/webhooks/github HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "X-GitHub-Event: issues",
    "X-GitHub-Delivery: by-socket",
    `X-Hub-Signature-256: ${signature}`,
    ...more,
    "\r\n",
  ].join("\r\n");
}

/** Sends the pieces through a socket, the last one again and again, until the server ends the connection. Gives the answer. */
async function speak({ port }: Listening, pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  // Who is refused while it still speaks may find the connection gone.
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  let answer = "";
  socket.on("data", (data) => {
    answer += data;
  });
  await once(socket, "connect");
  for (const piece of pieces.slice(0, -1)) socket.write(piece);
  const timer = setInterval(() => socket.writable && socket.write(pieces.at(-1) ?? ""), 20);
  await closed;
  clearInterval(timer);
  return answer;
}
const saved = () => db.prisma.webhookDelivery.count();

test("who dribbles the body is told 408, and nothing is stored", async () => {
  const body = Buffer.alloc(10_000, "x");
  const answer = await speak(impatient, [head(signed(body), "Content-Length: 10000"), "x"]);
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(await saved()).toBe(0);
});

test("who dribbles the headers is told 408", async () => {
  const answer = await speak(impatient, [
    "POST /api/webhooks/github HTTP/1.1\r\nHost: localhost\r\n",
    "X-Slow: 1\r\n",
  ]);
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
});

test("who says that 26 MB will come is told 413 at once", async () => {
  const start = head(signed(""), "Content-Length: 27262976");
  const answer = await speak(patient, [start, "x"]);
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
});

test("who sends chunks without an end is told 413 after 25 MB", async () => {
  const chunk = Buffer.concat([
    Buffer.from("100000\r\n"),
    Buffer.alloc(1024 * 1024, "x"),
    Buffer.from("\r\n"),
  ]);
  const start = head(signed(""), "Transfer-Encoding: chunked");
  const answer = await speak(patient, [start, ...Array.from({ length: 26 }, () => chunk), chunk]);
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(await saved()).toBe(0);
});

test("chunks that fit and are signed are taken", async () => {
  const body = '{"a":1}';
  const response = await fetch(`http://127.0.0.1:${patient.port}/api/webhooks/github`, {
    method: "POST",
    body: new Blob([body]).stream(),
    duplex: "half",
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": "by-chunks",
      "x-hub-signature-256": signed(body),
    },
  } as RequestInit);
  expect(response.status).toBe(202);
  const row = await db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id: "by-chunks" } });
  expect(Buffer.from(row.payload).toString()).toBe(body);
});
