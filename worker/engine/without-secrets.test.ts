import { expect, test } from "@jest/globals";
import { createRedact } from "../../shared/redact.ts";
import type { Journal } from "./journal.ts";
import { withoutSecrets } from "./without-secrets.ts";

test("errors are written without secrets, and what steps give stays as it is", async () => {
  const key = "q7Xv9ZtR2kLmW8pYc4JdN6sBf1HgT5uA";
  const written: unknown[] = [];
  const journal: Journal = {
    savedSteps: async () => [],
    begin: async () => {},
    finish: async (_, outcome) => void written.push(outcome),
    retryLater: async (_, error) => void written.push(error),
    leave: async (ending) => void written.push(ending),
  };
  const step = { id: "a", position: 0, attempt: 1 };
  const { finish, retryLater, leave } = withoutSecrets(journal, createRedact([key]));
  await finish(step, { status: "succeeded", output: { files: [key] } }, 1);
  await finish(step, { status: "failed", error: `no ${key}` }, 1);
  await retryLater(step, `no ${key}`, 1);
  await leave({ status: "failed", error: `no ${key}` });
  await leave({ status: "paused", reason: `no ${key}` });
  expect(written).toMatchObject([
    { output: { files: [key] } },
    { error: "no [removed]" },
    "no [removed]",
    { error: "no [removed]" },
    { status: "paused", reason: "no [removed]" },
  ]);
});
