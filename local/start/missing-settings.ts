import { accessSync } from "node:fs";
import type { Environment } from "../processes.ts";

type Setting = { name: string; source: string };

const appPage = "your GitHub App's settings page (GitHub → Settings → Developer settings → GitHub Apps)";
const modelKeys = {
  anthropic: { name: "ANTHROPIC_API_KEY", source: "https://console.anthropic.com/settings/keys" },
  openai: { name: "OPENAI_API_KEY", source: "https://platform.openai.com/api-keys" },
};

/** Says which settings are missing that nothing can start without, and where each comes from. Undefined: none. */
export function missingSettings(env: Environment): string | undefined {
  const missing = needed(env).filter(({ name }) => !env[name]);
  const fault = missing.length === 0 ? unreadableKey(env) : undefined;
  if (missing.length === 0) return fault;

  const width = Math.max(...missing.map(({ name }) => name.length));
  const lines = missing.map(({ name, source }) => `  ${name.padEnd(width)}  ${source}`);
  return (
    `AFU-9 can't start: ${missing.length === 1 ? "a setting is" : "settings are"} missing.\n\n${lines.join("\n")}\n\n` +
    "Put them into the file .env (cp .env.example .env), or into the environment. To try AFU-9 without any: npm run demo"
  );
}

function needed(env: Environment): Setting[] {
  const provider = env.AFU9_MODEL_PROVIDER === "openai" ? "openai" : "anthropic";
  return [
    { name: "APP_ID", source: `the number at the top of ${appPage}` },
    ...(env.PRIVATE_KEY
      ? []
      : [
          {
            name: "PRIVATE_KEY_PATH",
            source: `the file from "Generate a private key" on the same page, or its text as PRIVATE_KEY`,
          },
        ]),
    {
      name: "WEBHOOK_SECRET",
      source: "the webhook secret that you set on the same page (openssl rand -hex 32 makes one)",
    },
    modelKeys[provider],
  ];
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
