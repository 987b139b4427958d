import { expect, test } from "@jest/globals";
import { missingSettings } from "./missing-settings.ts";

const complete = { APP_ID: "1", PRIVATE_KEY: "key", WEBHOOK_SECRET: "secret", ANTHROPIC_API_KEY: "key" };

test("nothing is missing when every credential is there", () => {
  expect(missingSettings(complete)).toBeUndefined();
  const openai = { ...complete, ANTHROPIC_API_KEY: "", AFU9_MODEL_PROVIDER: "openai", OPENAI_API_KEY: "key" };
  expect(missingSettings(openai)).toBeUndefined();
});

test("all that is missing is listed at once, each with where it comes from", () => {
  const message = missingSettings({ WEBHOOK_SECRET: "" }) ?? "";
  for (const name of ["APP_ID", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET", "ANTHROPIC_API_KEY"]) {
    expect(message).toMatch(new RegExp(`^ {2}${name} +\\S`, "m"));
  }
  expect(message).toContain("cp .env.example .env");
});

test("only the key of the chosen provider is needed", () => {
  const message = missingSettings({ ...complete, AFU9_MODEL_PROVIDER: "openai" });
  expect(message).toContain("OPENAI_API_KEY");
  expect(message).not.toContain("ANTHROPIC_API_KEY");
});

test("a private key that can't be read is named before anything starts", () => {
  const { PRIVATE_KEY: _, ...rest } = complete;
  expect(missingSettings({ ...rest, PRIVATE_KEY_PATH: "/nowhere/key.pem" })).toContain(
    "/nowhere/key.pem can't be read (ENOENT)",
  );
});
