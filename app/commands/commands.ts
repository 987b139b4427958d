// The one list of commands: the parser, the help and the check of the role loop over it.
import { adopt } from "./adopt.ts";
import { approve } from "./approve.ts";
import { budget } from "./budget.ts";
import { cancel } from "./cancel.ts";
import type { Command } from "./command.ts";
import { config } from "./config.ts";
import { createHelp } from "./help.ts";
import { pause } from "./pause.ts";
import { plan } from "./plan.ts";
import { reject } from "./reject.ts";
import { resume } from "./resume.ts";
import { retry } from "./retry.ts";
import { run } from "./run.ts";
import { status } from "./status.ts";
import { steer } from "./steer.ts";
import { why } from "./why.ts";
import { workflows } from "./workflows.ts";

export const help = createHelp(() => commands);

export const commands: Command[] = [
  help,
  run,
  plan,
  status,
  why,
  steer,
  pause,
  resume,
  cancel,
  retry,
  budget,
  adopt,
  config,
  workflows,
  approve,
  reject,
];
