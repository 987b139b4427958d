import type { Command } from "./command.ts";
import { createOwnStart } from "./own-start.ts";

/** The workflow of `run` looks at the command's name, and waits for a yes to its plan. */
export const plan: Command = createOwnStart({
  name: "plan",
  text: "[instructions]",
  summary: "Plan the change that this issue asks for, and wait for a yes before any of it is written.",
  details:
    "The plan is shown in the comment on the issue. `/afu9 approve` has it written and proposed as with `run`, `/afu9 reject` ends it.",
});
