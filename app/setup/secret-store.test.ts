import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type LocalAws, startAws } from "../../local/aws/start-aws.ts";
import { localKey } from "../../local/aws/world.ts";
import { createLogger } from "../../shared/logger.ts";
import { readSecret, secretStore } from "./secret-store.ts";

let aws: LocalAws;
let client: SecretsManagerClient;
beforeAll(async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  client = new SecretsManagerClient({ endpoint: aws.url, region: "eu-central-1", credentials: localKey });
});
afterAll(() => aws.close());

test("credentials go into the secret beside what is there, also into one that has no value yet", async () => {
  aws.controls.secrets.add({ name: "afu9/github", text: `{"OTHER":"stays","APP_ID":"1"}` });
  aws.controls.secrets.add({ name: "new" });
  for (const name of ["afu9/github", "new"]) {
    const store = secretStore(client, name);
    expect(await store.fault()).toBeUndefined();
    await store.keep({ APP_ID: "7" });
  }
  expect(await readSecret(client, "afu9/github")).toEqual({ OTHER: "stays", APP_ID: "7" });
  expect(await readSecret(client, "new")).toEqual({ APP_ID: "7" });
});

test("a secret that does not exist, or is something else, is a fault before anything is kept, and is not shown", async () => {
  expect(await secretStore(client, "nowhere").fault()).toContain("can't find the specified secret");
  aws.controls.secrets.add({ name: "plain", text: "hunter2" });
  expect(await secretStore(client, "plain").fault()).toBe("The secret plain is not a JSON object of texts.");
});
