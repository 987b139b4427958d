import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../shared/errors.ts";
import { type Call, command, option } from "../command.ts";
import { type ExitCode, WrongUsage } from "../exit-codes.ts";
import { findExecution } from "../find-execution.ts";
import type { Output, Said } from "../output.ts";
import type { Fork } from "../replay/fork.ts";
import { messageLine } from "../replay/message-line.ts";
import type { Recording } from "../replay/recording.ts";
import type { ReplayReport } from "../replay/replay.ts";
import { silentLog } from "../silent-log.ts";

const options = z.object({
  from: option(
    "--from <step>",
    "go on from this step for real, in a checkout of its own",
    z.string().optional(),
  ),
  model: option(
    "--model <provider[:name]>",
    "with --from: the model that answers, such as anthropic or openai:NAME",
    z
      .string()
      .regex(/^(anthropic|openai)(:.+)?$/, "Expected anthropic, openai, or one of them with a model's name")
      .optional(),
  ),
});
type Options = z.infer<typeof options>;

export const replayExecution = command({
  usage: "replay <id>",
  summary: "Run an execution again with its recorded answers, and report the first difference.",
  details: `Nothing is asked of a model, a tool or GitHub: today's engine and agents get what was answered then. The exit
code is 1 when something differs. With --from the steps before are replayed, and from there on the model and the
workspace's tools are real; it ends where a step would change something outside. Nothing of it is stored.`,
  options,
  async run(call) {
    const { args, deps, out } = call;
    if (call.options.model && !call.options.from)
      throw new WrongUsage("--model is for --from: a replay asks no model.");
    // The engine and the providers' SDKs are loaded for this command alone.
    const { readRecording } = await import("../replay/recording.ts");
    const { replay } = await import("../replay/replay.ts");
    const db = await deps.db();
    const recording = await readRecording(db, await findExecution(db, args[0] ?? ""));
    const fork = await forkFor(call, recording);
    try {
      const report = await replay(recording, {
        agents: await agentsOf(deps.root),
        log: silentLog,
        onStep: (step, status) => out.remark(`${status === "failed" ? "✖" : "✔"} ${step} ${status}`),
        ...(fork && call.options.from && { live: { from: call.options.from, run: fork.run } }),
      });
      out.say(said(report, recording, call));
      return exitCode(report);
    } finally {
      await fork?.close();
    }
  },
});

async function forkFor(
  { options, deps, out }: Call<Options>,
  recording: Recording,
): Promise<Fork | undefined> {
  const { from, model } = options;
  if (!from) return undefined;
  const { steps } = recording.definition;
  if (!steps.some(({ id }) => id === from))
    throw new Refusal(`There is no step ${from}. The steps are ${steps.map(({ id }) => id).join(", ")}.`);
  const { openFork } = await import("../replay/fork.ts");
  const { readForkSettings } = await import("../replay/fork-settings.ts");
  const { createMcpServers } = await import("../../worker/tools/mcp-servers.ts");
  const { openRegistry } = await import("../../worker/tools/registry.ts");
  const { readHeaderValues } = await import("../../worker/tools/request-headers.ts");
  const settings = await readForkSettings(deps.root, model);
  const db = await deps.db();
  return openFork(recording, {
    ...settings,
    registry: openRegistry(db),
    mcp: createMcpServers({ log: silentLog, headerValues: readHeaderValues(process.env) }),
    agents: await agentsOf(deps.root),
    log: silentLog,
    onMessage: (step, message) => out.remark(messageLine(step, message)),
  });
}

async function agentsOf(root: string) {
  const { loadAgents } = await import("../../worker/agent/agent-definition.ts");
  return loadAgents(join(root, "agents"));
}

function exitCode({ difference }: ReplayReport): ExitCode {
  return difference ? 1 : 0;
}

function said(report: ReplayReport, { status }: Recording, { out, options }: Call<Options>): Said {
  const counted = `${report.steps} steps, ${report.turns} turns, ${report.toolCalls} tool calls`;
  return { json: { ...report, status }, text: text(report, counted, out, options.from) };
}

function text(report: ReplayReport, counted: string, { paint }: Output, from: string | undefined): string {
  const { difference, endsAt } = report;
  if (difference) {
    const { step, what, path, recorded, replayed } = difference;
    return [
      `${paint("red", "✖")} The step ${step} differs: ${what}${path ? `, at ${path}` : ""}.`,
      `  recorded: ${shown(recorded)}`,
      `  replayed: ${shown(replayed)}`,
      `Before it, ${counted} came out as recorded.`,
    ].join("\n");
  }
  const end = endsAt ? `\n${endsAt}` : "";
  if (from) return `${paint("green", "✔")} ${counted} before ${from} came out as recorded.${end}`;
  return `${paint("green", "✔")} ${counted}: all came out as recorded.${end}`;
}

/** A value on one line, at most so long that a person reads it. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length <= 500 ? json : `${json.slice(0, 500).toWellFormed()}… (${json.length} characters)`;
}
