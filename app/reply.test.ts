import { expect, test } from "@jest/globals";
import { createLogger } from "../shared/logger.ts";
import { commented, fakeConfigs } from "../test/fake-context.ts";
import type { AppDeps } from "./deps.ts";
import { replyOnce } from "./reply.ts";

const text = { en: "Hello", de: "Guten Tag" };

/** Says it twice, with one key. Gives the comments. */
async function say(configs: AppDeps["configs"]): Promise<string[]> {
  const comments: string[] = [];
  const context = commented({ delivery: "d", issue: { number: 1 }, comment: { body: "Hi" } }, comments);
  const deps = { configs, log: createLogger("test", "silent") };
  await replyOnce(context, { issue: 1, key: "k", text }, deps);
  await replyOnce(context, { issue: 1, key: "k", text }, deps);
  return comments;
}

test("something is said once, in the repository's language", async () => {
  expect(await say(fakeConfigs())).toEqual(["Hello\n\n<!-- afu9:reply:k -->"]);
  expect(await say(fakeConfigs("language: de"))).toEqual(["Guten Tag\n\n<!-- afu9:reply:k -->"]);
});

test("it is said in English while GitHub does not give the configuration", async () => {
  const refuse = async () => {
    throw new Error("503 Service Unavailable");
  };
  expect(await say({ of: refuse, effectiveOf: refuse })).toEqual(["Hello\n\n<!-- afu9:reply:k -->"]);
});
