// What `npm start` can do with the settings it has: everything, only the set-up, or nothing.
import { accessSync } from "node:fs";
import type { Environment } from "../processes.ts";

export type Setting = { name: string; source: string };
export type StartMode =
  /** There is no GitHub App yet. */
  | { kind: "make-app" }
  /** There is one. `missing` are the settings without which the worker can't start. */
  | { kind: "run"; missing: Setting[] };

const appPage = "your GitHub App's settings page (GitHub → Settings → Developer settings → GitHub Apps)";
const modelKeys = {
  anthropic: { name: "ANTHROPIC_API_KEY", source: "https://console.anthropic.com/settings/keys" },
  openai: { name: "OPENAI_API_KEY", source: "https://platform.openai.com/api-keys" },
};

/** Throws when a GitHub App is named and its credentials are not all there: making another one would not be meant. */
export function startMode(env: Environment): StartMode {
  const credentials = appCredentials(env);
  const lacking = credentials.filter(({ name }) => !env[name]);
  if (lacking.length === credentials.length && !env.PRIVATE_KEY) return { kind: "make-app" };
  if (lacking.length > 0) throw new Error(describe(lacking));
  const unreadable = unreadableKey(env);
  if (unreadable) throw new Error(unreadable);
  const modelKey = modelKeys[env.AFU9_MODEL_PROVIDER === "openai" ? "openai" : "anthropic"];
  return { kind: "run", missing: env[modelKey.name] ? [] : [modelKey] };
}

function appCredentials(env: Environment): Setting[] {
  const key = {
    name: "PRIVATE_KEY_PATH",
    source: `the file from "Generate a private key" on the same page, or its text as PRIVATE_KEY`,
  };
  return [
    { name: "APP_ID", source: `the number at the top of ${appPage}` },
    ...(env.PRIVATE_KEY ? [] : [key]),
    {
      name: "WEBHOOK_SECRET",
      source: "the webhook secret that you set on the same page (openssl rand -hex 32 makes one)",
    },
  ];
}

function describe(lacking: Setting[]): string {
  const width = Math.max(...lacking.map(({ name }) => name.length));
  const lines = lacking.map(({ name, source }) => `  ${name.padEnd(width)}  ${source}`);
  return (
    `AFU-9 can't start: of its GitHub App's credentials ${lacking.length === 1 ? "one is" : "some are"} missing.\n\n${lines.join("\n")}\n\n` +
    "Put them into the file .env, or into the environment. Without any of them, the set-up makes an App."
  );
}

function unreadableKey({ PRIVATE_KEY, PRIVATE_KEY_PATH }: Environment): string | undefined {
  if (PRIVATE_KEY || !PRIVATE_KEY_PATH) return undefined;
  try {
    accessSync(PRIVATE_KEY_PATH);
    return undefined;
  } catch (error) {
    return `AFU-9 can't start: the App's private key at PRIVATE_KEY_PATH=${PRIVATE_KEY_PATH} can't be read (${(error as NodeJS.ErrnoException).code}).`;
  }
}
