import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readManifest } from "../../local/github/manifest/manifest.ts";
import { readAppDescription } from "./app-description.ts";
import { manifestOf } from "./manifest.ts";

const description = await readAppDescription(join(import.meta.dirname, "../.."));

test("the manifest has app.yml's permissions and events, and every address below the public one", () => {
  const manifest = manifestOf(description, {
    publicUrl: "https://bots.example/afu9",
    origin: "http://127.0.0.1:3000",
  });
  expect(manifest).toEqual({
    name: "afu-9",
    url: "https://bots.example/afu9",
    hook_attributes: { url: "https://bots.example/afu9/api/webhooks/github", active: true },
    redirect_url: "http://127.0.0.1:3000/setup/callback",
    setup_url: "https://bots.example/afu9/setup/installed",
    public: false,
    default_permissions: description.default_permissions,
    default_events: description.default_events,
  });
  expect(readManifest(JSON.stringify(manifest))).toHaveProperty("manifest");
});

test("every permission in app.yml says why it is there", () => {
  for (const name of Object.keys(description.default_permissions)) {
    expect([name, description.reasons.permissions[name]]).toEqual([name, expect.stringMatching(/\w{3}/)]);
  }
  expect(description.reasons.events.issues).toBe("a label starts a workflow");
});
