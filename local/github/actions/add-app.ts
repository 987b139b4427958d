import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { type Account, type App, type Hub, now, type Permissions } from "../hub.ts";
import { addAccount } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";

type NewApp = Pick<App, "webhookUrl" | "webhookSecret" | "events" | "externalUrl" | "setupUrl"> & {
  name: string;
  owner: Account;
  permissions: Permissions;
  isAssignable?: boolean;
};

const generate = promisify(generateKeyPair);

/** Makes an App. The private key is handed out in GitHub's form and not kept. */
export async function addApp(hub: Hub, wanted: NewApp): Promise<{ app: App; privateKey: string }> {
  const slug = slugOf(wanted.name);
  if (isTaken(hub, wanted.name)) throw new Problem(422, `There is an App ${slug} already.`);
  const { publicKey, privateKey } = await generate("rsa", { modulusLength: 2048 });
  const app: App = {
    isAssignable: false,
    ...wanted,
    id: hub.nextId(),
    slug,
    clientId: `Iv23li${randomBytes(7).toString("hex")}`,
    publicKey,
    bot: addAccount(hub, `${slug}[bot]`, "Bot"),
    permissions: { ...wanted.permissions, metadata: wanted.permissions.metadata ?? "read" },
    createdAt: now(),
    outbox: Promise.resolve(),
  };
  hub.apps.push(app);
  return { app, privateKey: pem(privateKey) };
}

export function isTaken(hub: Hub, name: string): boolean {
  return hub.apps.some((app) => app.slug === slugOf(name));
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs1", format: "pem" }).toString();
}
