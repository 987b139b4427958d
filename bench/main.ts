// `npm run bench -- NAME` measures what the engine promises: one line for each figure, beside its target.
import { parseArgs } from "node:util";
import { stopSignal } from "../local/stop-signal.ts";
import { messageOf } from "../shared/errors.ts";
import { agent } from "./agent.ts";
import type { Bench } from "./benchmark.ts";
import { controls } from "./controls.ts";
import { type Figure, figureLine, isMissed } from "./figure.ts";
import { journal } from "./journal.ts";
import { lanes } from "./lanes.ts";
import { mcp } from "./mcp.ts";
import { sandbox } from "./sandbox.ts";
import { logFile } from "./stage.ts";
import { takeOver } from "./take-over.ts";
import { waiting } from "./waiting.ts";

const benchmarks: { name: string; run(bench: Bench): Promise<void> }[] = [
  { name: "journal", run: journal },
  { name: "take-over", run: takeOver },
  { name: "lanes", run: lanes },
  { name: "waiting", run: waiting },
  { name: "controls", run: controls },
  { name: "mcp", run: mcp },
  { name: "sandbox", run: sandbox },
  { name: "agent", run: agent },
];

const names = benchmarks.map(({ name }) => name);
const usage = `Expected one of ${names.join(", ")} or all, and --short to see whether it works at all.`;

const signal = stopSignal();
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  const text = `${messageOf(error)}\nWhat the processes said is in ${logFile}.`;
  console.error(signal.aborted ? messageOf(signal.reason) : text);
  process.exitCode = signal.aborted ? 130 : 1;
}

/** Whether every target was kept. */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { short: { type: "boolean", default: false } },
  });
  const chosen = benchmarks.filter(({ name }) => positionals.includes(name) || positionals.includes("all"));
  const unknown = positionals.filter((name) => name !== "all" && !names.includes(name));
  if (chosen.length === 0 || unknown.length > 0) throw new Error(`${usage} Got: ${positionals.join(" ")}`);

  const missed: Figure[] = [];
  for (const { name, run } of chosen) {
    await run({
      signal,
      isShort: values.short,
      report(...figures) {
        for (const figure of figures) console.log(`${name}: ${figureLine(figure)}`);
        missed.push(...figures.filter(isMissed));
      },
    });
  }
  return missed.length === 0;
}
