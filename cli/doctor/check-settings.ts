import { z } from "zod";
import { budgetSettings } from "../../shared/budget.ts";
import { port, processSettings, readConfig } from "../../shared/config.ts";
import { githubSettings, privateKeyOf } from "../../shared/github.ts";
import { modelSettings } from "../../shared/models/model-settings.ts";
import { findMcpSecret } from "../find-mcp-secret.ts";
import { type Answer, fault, type Patient, well } from "./finding.ts";

const everything = z.object({
  ...processSettings.shape,
  ...githubSettings.shape,
  ...modelSettings.shape,
  ...budgetSettings.shape,
  PORT: port.default(3000),
  WEBHOOK_SECRET: z.string().min(16),
});

/** Every setting that has a form, and those that nothing works without. Values are never shown. */
export async function checkSettings({ env }: Patient): Promise<Answer | Answer[]> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = everything.safeParse(given);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) =>
      fault(
        `${path.join(".")}: ${message}`,
        "Mend it in .env; .env.example says what it is for. Without an App, `npm start` makes one.",
      ),
    );
  }
  privateKeyOf(readConfig(githubSettings, env));
  return well("all that are set can be read");
}

const leastLength = 16;

export async function checkMcpSecret({ env, root }: Patient): Promise<Answer> {
  const secret = await findMcpSecret({ env, root });
  const detail = env.AFU9_MCP_SECRET ? "from AFU9_MCP_SECRET" : "the one that npm start keeps";
  if (secret.length >= leastLength) return well(detail);
  return fault(
    `it has fewer than ${leastLength} characters`,
    "Set AFU9_MCP_SECRET to `openssl rand -hex 32`.",
  );
}
