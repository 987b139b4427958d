import { expect, test } from "@jest/globals";
import { startMode } from "./start-mode.ts";

const app = { APP_ID: "1", PRIVATE_KEY: "key", WEBHOOK_SECRET: "secret" };

test("without any of the App's credentials the App is to be made", () => {
  expect(startMode({})).toEqual({ kind: "make-app" });
  expect(startMode({ APP_ID: "", ANTHROPIC_API_KEY: "key" })).toEqual({ kind: "make-app" });
});

test("with all of them AFU-9 runs, and says when the model's key is missing", () => {
  expect(startMode({ ...app, ANTHROPIC_API_KEY: "key" })).toEqual({ kind: "run", missing: [] });
  expect(startMode(app)).toMatchObject({ missing: [{ name: "ANTHROPIC_API_KEY" }] });
  expect(startMode({ ...app, AFU9_MODEL_PROVIDER: "openai" })).toMatchObject({
    missing: [{ name: "OPENAI_API_KEY" }],
  });
});

test("with some of them nothing starts, and each that is missing is named with where it comes from", () => {
  expect(() => startMode({ APP_ID: "1" })).toThrow(/^ {2}PRIVATE_KEY_PATH +\S.*\n {2}WEBHOOK_SECRET +\S/m);
  expect(() => startMode({ PRIVATE_KEY: "key" })).toThrow(/^ {2}APP_ID +\S/m);
});

test("a private key that can't be read is named before anything starts", () => {
  const { PRIVATE_KEY: _, ...rest } = app;
  expect(() => startMode({ ...rest, PRIVATE_KEY_PATH: "/nowhere/key.pem" })).toThrow(
    "/nowhere/key.pem can't be read (ENOENT)",
  );
});
