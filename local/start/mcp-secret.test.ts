import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { mcpSecret } from "./mcp-secret.ts";

test("the secret is made once, and only this user can read it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "afu9-secret-"));
  const file = join(folder, "new", "secret");
  const first = await mcpSecret(file);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await mcpSecret(file)).toBe(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await rm(folder, { recursive: true });
});
