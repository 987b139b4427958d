// Everything that has to be there before anything is started.
import { join } from "node:path";
import { readConfig } from "../../shared/config.ts";
import { createLogger } from "../../shared/logger.ts";
import { modelSettings } from "../../shared/models/model-settings.ts";
import { createModels } from "../../worker/llm/create-models.ts";
import { readScript } from "../model/read-script.ts";
import type { Environment } from "../processes.ts";
import type { DemoArguments, ModelChoice } from "./arguments.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { type Issue, readIssue } from "./read-issue.ts";
import { chooseSandbox, type SandboxChoice } from "./sandbox-choice.ts";

export type Inputs = {
  /** The repository to import. Undefined: the demo's own sample. */
  source?: { path: string; name: string };
  issue: Issue;
  model: ModelChoice;
  sandbox: SandboxChoice["kind"];
  notes: string[];
};

const local = join(import.meta.dirname, "..");
export const sampleScript = join(local, "sample-script.json");

/** Reads and checks what the arguments name. Throws one clear sentence for the first thing that is not usable. */
export async function readInputs({ own, model }: DemoArguments, env: Environment): Promise<Inputs> {
  const source = own && (await inspectRepository(own.repository));
  const issue = await readIssue(own?.issue ?? join(local, "sample-issue.md"));
  await checkModel(model, env);
  const isTrusted = !own && model.provider === "script";
  const sandbox = await chooseSandbox(env, isTrusted);
  const notes = [...(source?.notes ?? []), ...(sandbox.note ? [sandbox.note] : [])];
  return { source, issue, model, sandbox: sandbox.kind, notes };
}

async function checkModel(model: ModelChoice, env: Environment): Promise<void> {
  if (model.provider === "script") {
    await readScript(model.file);
    return;
  }
  const variable = model.provider === "openai" ? "OPENAI_API_KEY" : "ANTHROPIC_API_KEY";
  if (!env[variable]) {
    throw new Error(
      `--model ${model.provider} needs its API key in the environment: ${variable}=… npm run demo -- …`,
    );
  }
  // Refuses what the worker would refuse, such as a model whose price is not known.
  const settings = readConfig(modelSettings, { ...env, AFU9_MODEL_PROVIDER: model.provider });
  createModels(settings, { log: createLogger("demo", "silent") }).modelFor();
}
