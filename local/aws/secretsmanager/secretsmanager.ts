import { z } from "zod";
import { jsonService } from "../protocols/json.ts";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";

const Named = z.object({ SecretId: z.string() });
const Put = Named.extend({ SecretString: z.string() });

export const secretsmanager = jsonService("secretsmanager", {
  GetSecretValue(input, world) {
    const { SecretId } = Named.parse(input);
    const SecretString = secretNamed(world, SecretId);
    if (SecretString !== null) return { Name: SecretId, SecretString, VersionStages: ["AWSCURRENT"] };
    throw new AwsFault(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
  },
  PutSecretValue(input, world) {
    const { SecretId, SecretString } = Put.parse(input);
    secretNamed(world, SecretId);
    world.secrets.set(SecretId, SecretString);
    return { Name: SecretId, VersionStages: ["AWSCURRENT"] };
  },
});

/** A secret's text; null when it was made and has none yet. */
function secretNamed({ secrets }: World, name: string): string | null {
  const text = secrets.get(name);
  if (text !== undefined) return text;
  throw new AwsFault("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}
