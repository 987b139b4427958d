// Keeps variables in a secret of AWS Secrets Manager, as one JSON object.
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { messageOf } from "../../shared/errors.ts";
import type { CredentialStore } from "./credential-store.ts";

const Variables = z.record(z.string(), z.string());

export function secretStore(client: SecretsManagerClient, secretId: string): CredentialStore {
  return {
    place: secretId,
    async fault() {
      try {
        await readSecret(client, secretId);
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    },
    async keep(variables) {
      const all = { ...(await readSecret(client, secretId)), ...variables };
      await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: JSON.stringify(all) }));
    },
  };
}

/** The variables in a secret. One that was made and has no value yet has none. */
export async function readSecret(
  client: SecretsManagerClient,
  secretId: string,
): Promise<Record<string, string>> {
  try {
    const { SecretString: text = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return text.trim() === "" ? {} : parse(text, secretId);
  } catch (error) {
    if (isWithoutValue(error)) return {};
    throw error;
  }
}

function parse(text: string, secretId: string): Record<string, string> {
  try {
    return Variables.parse(JSON.parse(text));
  } catch {
    // What is there may be a secret: it does not go into the message.
    throw new Error(`The secret ${secretId} is not a JSON object of texts.`);
  }
}

/** A secret that does not exist is another fault, by the same name. */
function isWithoutValue(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === "ResourceNotFoundException" && /staging label/i.test(message);
}
