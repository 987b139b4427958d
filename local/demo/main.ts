// `npm run demo`: an issue becomes a pull request, on a machine that has only Node and git.
import { messageOf } from "../../shared/errors.ts";
import { stopSignal } from "../stop-signal.ts";
import { type DemoArguments, help, readArguments } from "./arguments.ts";
import { type Inputs, readInputs, sampleScript } from "./inputs.ts";
import { nothing, type Outcome } from "./outcome.ts";
import { runDemo } from "./run-demo.ts";
import { openTerminal } from "./terminal.ts";

const stop = stopSignal();
const argv = process.argv.slice(2);

try {
  const args = readArguments(argv, sampleScript);
  if (args === "help") process.stdout.write(help);
  else process.exitCode = await demo(args, await readInputs(args, process.env));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  if (argv.includes("--json")) printJson({ ...nothing, error: messageOf(error) });
  process.exitCode = 1;
}

/** Gives the exit code. */
async function demo({ json, exit }: DemoArguments, inputs: Inputs): Promise<number> {
  const terminal = openTerminal(json ? process.stderr : process.stdout);
  for (const note of inputs.notes) terminal.print(terminal.paint("yellow", note));
  const outcome = await runDemo({
    inputs,
    env: process.env,
    terminal,
    stop,
    keepRepository: json,
    staysUp: process.stdout.isTTY && !exit,
    onOutcome: (outcome) => json && printJson(outcome),
  });
  terminal.close();
  return outcome.error ? 1 : 0;
}

function printJson(outcome: Outcome): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
