// One demo, from the start of the processes to their end.
import { connectDatabase } from "../../shared/db.ts";
import { messageOf } from "../../shared/errors.ts";
import type { Environment } from "../processes.ts";
import { aborted } from "../stop-signal.ts";
import { readCheck } from "./check.ts";
import { failureReport } from "./failure-report.ts";
import { type DemoFolder, makeFolder } from "./folder.ts";
import type { Inputs } from "./inputs.ts";
import { type OpenedIssue, openIssue } from "./open-issue.ts";
import { nothing, type Outcome, readOutcome } from "./outcome.ts";
import { followRows, type Rows } from "./read-rows.ts";
import { summary } from "./summary.ts";
import { type System, startSystem } from "./system.ts";
import { renderLine, type Terminal } from "./terminal.ts";
import { watch } from "./watch.ts";

export type Demo = {
  inputs: Inputs;
  env: Environment;
  terminal: Terminal;
  stop: AbortSignal;
  /** Keeps the bare repository, so that it can be looked into afterwards. */
  keepRepository: boolean;
  /** Stays up until the stop signal, so that the pages can be looked at. */
  staysUp: boolean;
  /** Told once, as soon as it is known what came of it. */
  onOutcome(outcome: Outcome): void;
};

/** Runs a demo and leaves nothing behind but what was asked for. Gives what came of it. */
export async function runDemo(demo: Demo): Promise<Outcome> {
  const folder = await makeFolder();
  let keep: string[] = [];
  try {
    const outcome = await inFolder(demo, folder);
    keep = outcome.repository ? [outcome.repository.path] : [];
    return outcome;
  } catch (error) {
    const outcome = broken(demo, error);
    demo.onOutcome(outcome);
    // A process that failed has said why there; an execution that failed has said it to everybody.
    keep = demo.stop.aborted ? [] : [folder.logs];
    return outcome;
  } finally {
    demo.terminal.show(undefined);
    await folder.remove(keep);
    if (keep[0]) demo.terminal.print(`\nKept: ${keep[0]}`);
  }
}

/** What came of a demo that did not get to the end of the road. */
function broken({ terminal, stop }: Demo, error: unknown): Outcome {
  terminal.show(undefined);
  const reason = messageOf(stop.aborted ? stop.reason : error);
  const outcome = { ...nothing, error: reason };
  terminal.print(stop.aborted ? `\n${reason}` : failureReport(reason, outcome, undefined, terminal.paint));
  return outcome;
}

async function inFolder(demo: Demo, folder: DemoFolder): Promise<Outcome> {
  const { inputs, env, terminal, stop } = demo;
  const onProgress = (text: string) => terminal.show(text);
  await using system = await startSystem({ folder, inputs, env, signal: stop, onProgress });
  const outcome = await Promise.race([onTheRoad(demo, system), system.failure]);
  demo.onOutcome(outcome);
  if (demo.staysUp && !stop.aborted) {
    terminal.print("\nThe pages of the local GitHub stay up until Ctrl-C.");
    await Promise.race([aborted(stop), system.failure.catch((error) => terminal.print(messageOf(error)))]);
  }
  terminal.show("ending the processes");
  return outcome;
}

async function onTheRoad(demo: Demo, system: System): Promise<Outcome> {
  const { inputs, terminal, stop } = demo;
  const { github } = system;
  const db = connectDatabase(system.databaseUrl, { max: 2 });
  try {
    terminal.show("opening the issue");
    const begin = performance.now();
    const issue = await openIssue(inputs, system);
    terminal.print(`Issue #${issue.number}  ${terminal.paint("bold", inputs.issue.title)}\n  ${issue.url}\n`);
    const rows = await watch({
      readRows: followRows(db),
      onLine: (line) => terminal.print(renderLine(line, terminal.paint)),
      onActivity: (text) => terminal.show(text),
      signal: stop,
    });
    const seconds = Math.round(performance.now() - begin) / 1000;
    const isFree = inputs.model.provider === "script";
    const read = await readOutcome({ rows, issue, github, seconds, isFree });
    const isKept = demo.keepRepository && read.pullRequest;
    const outcome = { ...read, repository: isKept ? read.repository : null };
    terminal.show(undefined);
    terminal.print(await report(demo, { outcome, rows, issue }));
    return outcome;
  } finally {
    await db.close();
  }
}

type Ended = { outcome: Outcome; rows: Rows; issue: OpenedIssue };

async function report({ inputs, terminal }: Demo, { outcome, rows, issue }: Ended): Promise<string> {
  const { paint } = terminal;
  const checks = outcome.checkRuns.map(({ name, status, conclusion }) =>
    renderLine(
      {
        key: name,
        mark: conclusion === "success" ? "done" : "failed",
        depth: 0,
        text: "Check run",
        detail: `${name}: ${conclusion ?? status}`,
      },
      paint,
    ),
  );
  if (outcome.error) return [...checks, "", failureReport(outcome.error, outcome, rows, paint)].join("\n");
  const verified = rows.steps.find(({ isAgent, output }) => isAgent && checkIn(output));
  const text = summary(
    {
      outcome,
      issueUrl: issue.url,
      diff: await diffOf(outcome),
      before: rows.steps.map(({ output }) => readCheck(output)).find((check) => check !== undefined),
      after: checkIn(verified?.output),
      isScripted: inputs.model.provider === "script",
    },
    paint,
  );
  return [...checks, "", text].join("\n");
}

function checkIn(output: unknown) {
  return readCheck((output as { verification?: unknown } | undefined)?.verification);
}

async function diffOf({ pullRequest }: Outcome): Promise<string> {
  const response = await fetch(`${pullRequest?.url}.diff`);
  return response.ok ? response.text() : "";
}
