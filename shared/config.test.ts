import { expect, test } from "@jest/globals";
import { processSettings, readConfig } from "./config.ts";

const publicUrl = (PUBLIC_URL: string) => readConfig(processSettings, { PUBLIC_URL }).PUBLIC_URL;

test("the public address is kept without a slash at its end, and may be left out", () => {
  expect(publicUrl("https://afu9.example.com/")).toBe("https://afu9.example.com");
  expect(publicUrl("https://Example.com:8443/bots/afu9//")).toBe("https://example.com:8443/bots/afu9");
  expect(publicUrl("http://127.0.0.1:3000")).toBe("http://127.0.0.1:3000");
  expect(publicUrl("")).toBeUndefined();
});

test("what is no public address is named without its value", () => {
  for (const wrong of [
    "afu9.example.com",
    "ftp://example.com",
    "https://kim:secret@example.com",
    "https://x.dev/?a=1",
  ]) {
    expect(() => publicUrl(wrong)).toThrow(
      /^The settings in the environment are not usable:\n {2}PUBLIC_URL: /,
    );
    expect(() => publicUrl(wrong)).not.toThrow(wrong);
  }
});
