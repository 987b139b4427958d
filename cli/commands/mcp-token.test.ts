import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { verifyCapability } from "../../shared/capability.ts";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import type { Deps } from "../command.ts";
import { findMcpSecret } from "../find-mcp-secret.ts";
import type { Said } from "../output.ts";
import { makeMcpToken } from "./mcp-token.ts";

const secret = "a secret for tests only";
const root = join(import.meta.dirname, "../..");

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 2 });
  const sample = { id: 1, owner: "Octo", name: "sample", installationId: 7, defaultBranch: "main" };
  await db.prisma.repository.create({ data: sample });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

async function mcpToken(options: Record<string, string>) {
  const said: Said[] = [];
  const remarks: string[] = [];
  const deps = { root, db: async () => db, mcpSecret: async () => secret } as Partial<Deps> as Deps;
  const out = {
    paint: (_: unknown, text: string) => text,
    columns: 80,
    say: (one: Said) => void said.push(one),
    remark: (text: string) => void remarks.push(text),
    complain() {},
  };
  await makeMcpToken.run({ args: [], options, deps, out });
  const { text, json } = said[0] ?? { text: "" };
  return { token: text, json, remarks, capability: await verifyCapability(text, [secret]) };
}

test("a token is for one repository as GitHub writes it, the tools that patterns name, and an hour", async () => {
  const { token, json, remarks, capability } = await mcpToken({
    repo: "octo/SAMPLE",
    tools: "github.get*, workspace.readFile",
  });
  expect(capability).toMatchObject({
    repository: { owner: "Octo", repo: "sample" },
    installation: 7,
    execution: expect.stringMatching(/^token-[0-9a-f]{12}$/),
  });
  expect(capability?.tools).toEqual(
    expect.arrayContaining(["github.getIssue", "github.getPullRequest", "workspace.readFile"]),
  );
  expect(capability?.tools).not.toContain("github.addComment");
  expect(capability?.tools).not.toContain("workspace.writeFile");
  expect(json).toMatchObject({ token, tools: capability?.tools, execution: capability?.execution });
  expect(remarks.join()).toContain("github.getIssue");
  const { iat, exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  expect(exp - iat).toBe(3600);
});

test("each token has a name of its own, so that none shares a workspace with another", async () => {
  const options = { repo: "octo/sample", tools: "*" };
  const [one, other] = [await mcpToken(options), await mcpToken(options)];
  expect(one.capability?.execution).not.toBe(other.capability?.execution);
});

test.each([
  ["no repository", { repo: undefined }, "--repo: Expected a repository as OWNER/NAME, got nothing."],
  ["half a repository", { repo: "sample" }, '--repo: Expected a repository as OWNER/NAME, got "sample".'],
  [
    "another repository",
    { repo: "octo/simple" },
    "has no repository octo/simple. Did you mean `Octo/sample`?",
  ],
  ["no tools", { tools: undefined }, "--tools: Expected names of tools, such as 'github.get*', got nothing."],
  ["a tool that there is not", { tools: "github.getIsue" }, "Did you mean `github.getIssue`?"],
  ["a pattern that fits none", { tools: "github.get*,nothing.*" }, 'There is no tool "nothing.*".'],
  ["a pattern with other signs", { tools: "github.get?ssue" }, 'There is no tool "github.get?ssue".'],
  [
    "too long a time",
    { ttl: "25h" },
    '--ttl: Expected a time of up to 24 hours, such as 30m or 1h, got "25h".',
  ],
  ["no time at all", { ttl: "0h" }, "Expected a time of up to 24 hours"],
  ["a time without a unit", { ttl: "60" }, "Expected a time of up to 24 hours"],
])("%s is refused", async (_, wrong, message) => {
  const right = { repo: "octo/sample", tools: "github.*", ttl: "30m" };
  await expect(mcpToken({ ...right, ...wrong } as Record<string, string>)).rejects.toThrow(message);
});

test("the secret is the environment's, or the one of npm start, or missed by name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "afu9-find-secret-"));
  await expect(findMcpSecret({ env: {}, root: folder })).rejects.toThrow("AFU9_MCP_SECRET is not set");
  await mkdir(join(folder, ".afu9"));
  await writeFile(join(folder, ".afu9/mcp-secret"), "the one of npm start\n");
  expect(await findMcpSecret({ env: {}, root: folder })).toBe("the one of npm start");
  expect(await findMcpSecret({ env: { AFU9_MCP_SECRET: "given" }, root: folder })).toBe("given");
  await rm(folder, { recursive: true });
});
