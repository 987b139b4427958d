import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

test("without credentials npm start ends at once and names each of them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "afu9-start-"));
  // Set and empty, so that a developer's own .env changes nothing.
  const env = {
    PATH: process.env.PATH,
    APP_ID: "",
    WEBHOOK_SECRET: "",
    PRIVATE_KEY: "",
    PRIVATE_KEY_PATH: "",
    ANTHROPIC_API_KEY: "",
  };
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, "start.ts")],
      { env, cwd: folder },
      (error, stdout, stderr) => resolve({ code: error?.code, stdout, stderr }),
    );
  });
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("AFU-9 can't start: settings are missing.");
  expect(ended.stderr).toContain("APP_ID");
  await rm(folder, { recursive: true });
});
