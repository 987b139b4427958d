import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

test("with some of the App's credentials npm start ends at once and names the others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "afu9-start-"));
  const env = { PATH: process.env.PATH, AFU9_ENV_FILE: join(folder, ".env"), APP_ID: "1" };
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, "start.ts")],
      { env, cwd: folder, timeout: 50_000 },
      (error, stdout, stderr) => resolve({ code: error?.code, stdout, stderr }),
    );
  });
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("AFU-9 can't start: of its GitHub App's credentials some are missing.");
  expect(ended.stderr).toContain("WEBHOOK_SECRET");
  await rm(folder, { recursive: true });
});
