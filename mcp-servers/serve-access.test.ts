import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SignJWT } from "jose";
import { signCapability } from "../shared/capability.ts";
import {
  bearer,
  capability,
  former,
  secret,
  startTestServer,
  type TestServer,
} from "../test/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe("the capability", () => {
  test("refuses a tool that it does not name", async () => {
    const { refused, close } = await server.connect({ tools: ["test.greet", "other.plain"] });
    expect(await refused("plain")).toBe("The tool test.plain is not allowed for this execution.");
    expect(await refused("nothing")).toContain("There is no tool nothing");
    await close();
  });

  test("refuses another repository, whatever its token", async () => {
    const { refused, call, close } = await server.connect();
    const meta = { "afu9/repository-token": "ghs_secret" };
    expect(await refused("useRepository", { owner: "octo", repo: "other" }, meta)).toContain(
      "may only use the repository octo/sample",
    );
    expect(await refused("useRepository", { owner: "evil", repo: "sample" }, meta)).toContain(
      'Call again with "owner": "octo"',
    );
    expect(server.calls).toHaveLength(0);
    await call("useRepository", { owner: "octo", repo: "sample" }, meta);
    expect(server.calls).toHaveLength(1);
    await close();
  });

  test("signed with the former secret is valid while the secret rotates", async () => {
    const { call, close } = await server.connect({}, former);
    expect(await call("plain")).toBe("plain text");
    await close();
  });

  test.each([
    ["no token", async () => ({})],
    ["a token that is none", async () => ({ Authorization: "Bearer nonsense" })],
    ["a password", async () => ({ Authorization: "Basic bm9uZTpub25l" })],
    ["a foreign secret", async () => bearer(await signCapability(capability, "a foreign secret", 60))],
    ["an expired capability", async () => bearer(await signCapability(capability, secret, -1))],
    ["a token for another audience", async () => bearer(await signed({ ...capability }, "another"))],
    ["a token that is no capability", async () => bearer(await signed({ execution: "1" }, "afu9-mcp"))],
    ["an unsigned token", async () => bearer(unsigned())],
  ])("is missing with %s: 401", async (_, headers) => {
    const response = await server.post(await headers());
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toContain("Bearer");
  });
});

describe("the server", () => {
  test("says that it is well to whoever asks", async () => {
    const response = await fetch(new URL("/health", server.url));
    expect([response.status, await response.json()]).toEqual([200, { status: "ok", server: "test" }]);
    expect((await fetch(new URL("/", server.url))).status).toBe(404);
  });

  test("refuses a body of more than 16 MB, takes one of more than 4, and lives", async () => {
    const headers = bearer(await signCapability(capability, secret, 60));
    expect((await server.post(headers, " ".repeat(16 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await server.post(headers, " ".repeat(5 * 1024 * 1024))).status).toBe(400);
    expect([413, "cut off"]).toContain(await endlessBody(headers));
    const { call, close } = await server.connect();
    expect(await call("plain")).toBe("plain text");
    await close();
  });

  test.each([
    ["that is no JSON", "{", 400],
    ["that is no JSON-RPC", '{"hello":"world"}', 400],
    ["of a method that there is not", '{"jsonrpc":"2.0","id":1,"method":"no/such"}', 200],
  ])("answers a body %s, and lives", async (_, body, status) => {
    const headers = bearer(await signCapability(capability, secret, 60));
    expect((await server.post(headers, body)).status).toBe(status);
    expect((await fetch(new URL("/health", server.url))).status).toBe(200);
  });

  test("refuses a page that a browser has open, and a name that is not its own", async () => {
    const headers = bearer(await signCapability(capability, secret, 60));
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example"])
      expect((await server.post({ ...headers, Origin: origin })).status).toBe(403);
    expect(await statusWithHost("evil.example")).toBe(403);
    expect(await statusWithHost("localhost.evil.example")).toBe(403);
    expect(await statusWithHost("localhost:1")).toBe(401);
  });
});

function signed(payload: Record<string, unknown>, audience: string): Promise<string> {
  const jwt = new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setExpirationTime("60s");
  return jwt.sign(new TextEncoder().encode(secret));
}

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ ...capability, aud: "afu9-mcp", exp: 9_999_999_999 })}.`;
}

/** `fetch` does not let a Host header through. */
async function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { method: "POST", headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });
}

/** Sends on and on, without saying how much, until there is an answer, or the connection ends before it could be read. */
async function endlessBody(headers: Record<string, string>): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const type = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
    const sent = request(server.url, { method: "POST", headers: { ...type, ...headers } }, (response) => {
      resolve(response.statusCode);
      sent.destroy();
    });
    sent.on("error", () => resolve("cut off"));
    const chunk = Buffer.alloc(1024 * 1024, " ");
    const send = () => {
      while (!sent.destroyed && sent.write(chunk));
    };
    sent.on("drain", send);
    send();
  });
}
