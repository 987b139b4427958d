import { expect, test } from "@jest/globals";
import { createTurns } from "./turns.ts";

test("work under one key is done one after the other, also after a failure; other work is not held up", async () => {
  const inTurn = createTurns();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();

  const first = inTurn("a", async () => {
    log.push("first begins");
    await gate.promise;
    log.push("first fails");
    throw new Error("first");
  });
  const failure = expect(first).rejects.toThrow("first");
  const second = inTurn("a", async () => log.push("second"));
  await inTurn("b", async () => log.push("other"));
  gate.resolve();
  await Promise.all([failure, second]);

  expect(log).toEqual(["first begins", "other", "first fails", "second"]);
});
