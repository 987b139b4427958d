import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";

test("no line of a log holds a secret, wherever it stands in it", () => {
  const script = `
    import { createLogger } from "./shared/logger.ts";
    import { createRedact } from "./shared/redact.ts";
    const key = "q7Xv9ZtR2kLmW8pYc4JdN6sBf1HgT5uA";
    const log = createLogger("sample", "info", createRedact([key]));
    log.child({ bound: key }).warn({ error: new Error("no " + key), deep: { key: [key] } }, "failed");
  `;
  const args = ["--input-type=module-typescript", "--eval", script];
  const line = execFileSync("bash", ["-c", 'exec "$0" "$@" 2>&1 >/dev/null', process.execPath, ...args], {
    cwd: new URL("..", import.meta.url).pathname,
    encoding: "utf8",
  });
  expect(JSON.parse(line)).toMatchObject({ bound: "[removed]", deep: { key: ["[removed]"] } });
  expect(line).not.toContain("q7Xv9ZtR");
});
