import { readFile } from "node:fs/promises";
import { messageOf } from "../../shared/errors.ts";
import { plural } from "../../shared/terminal-text.ts";
import type { Workflow } from "../../shared/workflow.ts";
import { openRegistry } from "../../worker/tools/registry.ts";
import { type Checked, checkWorkflow, type Known } from "../check-workflow.ts";
import { command, type Deps } from "../command.ts";
import { Unreachable } from "../exit-codes.ts";
import { readKnownNames } from "../known-names.ts";
import type { Paint } from "../output.ts";

export const checkWorkflows = command({
  usage: "workflows check <files...>",
  summary: "Check definitions of workflows; every fault is named with its file and line.",
  details:
    "Tools are compared with those that the MCP servers publish, agents with the files in agents/. It needs no database; with one, it knows the tools of third parties that were accepted.",
  async run({ args: files, deps, out }) {
    const known = await readKnownNames(deps.root);
    const checkAll = (known: Known) => Promise.all(files.map((file) => checkFile(file, known)));
    const first = await checkAll(known);
    const hasFaults = first.some((one) => "faults" in one);
    const checked = hasFaults ? await checkAll(await withAcceptedTools(known, deps)) : first;
    out.say({ json: checked.map(asJson), text: checked.map((one) => asText(one, out.paint)).join("\n") });
    return checked.some((one) => "faults" in one) ? 1 : 0;
  },
});

async function withAcceptedTools(known: Known, deps: Deps): Promise<Known> {
  return { ...known, tools: [...(known.tools ?? []), ...(await acceptedTools(deps))] };
}

/** The tools of third parties that may be called; none where there is no database. */
async function acceptedTools({ db }: Deps): Promise<string[]> {
  try {
    const servers = await openRegistry(await db())();
    return servers
      .filter(({ isThirdParty }) => isThirdParty)
      .flatMap(({ name, allowedTools }) => allowedTools.map((tool) => `${name}.${tool}`));
  } catch (error) {
    if (error instanceof Unreachable) return [];
    throw error;
  }
}

async function checkFile(file: string, known: Known): Promise<Checked> {
  try {
    return checkWorkflow(await readFile(file, "utf8"), file, known);
  } catch (error) {
    return { file, faults: [{ line: 1, message: `it can't be read: ${messageOf(error)}` }] };
  }
}

function asJson(one: Checked): object {
  if ("faults" in one) return one;
  const { name, on, steps } = one.definition;
  return { file: one.file, name, version: one.version, steps: steps.length, triggers: on };
}

function asText(one: Checked, paint: Paint): string {
  if ("faults" in one)
    return one.faults.map(({ line, message }) => `${one.file}:${line}: ${message}`).join("\n");
  const { name, on, steps } = one.definition;
  const parts = [`${name} ${one.version}`, plural(steps.length, "step"), triggers(on)];
  return `${paint("green", "✔")} ${one.file}: ${parts.join(", ")}`;
}

function triggers(on: Workflow["on"]): string {
  const words = Object.entries(on).map(
    ([kind, what]) => `${kind} ${typeof what === "string" ? what : JSON.stringify(what)}`,
  );
  return words.length > 0 ? `on ${words.join(", ")}` : "started by nothing";
}
