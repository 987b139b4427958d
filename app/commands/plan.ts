import type { Command } from "./command.ts";
import { createOwnStart } from "./own-start.ts";

/** The workflow of `run` looks at the command's name, and waits for a yes to its plan. */
export const plan: Command = createOwnStart({
  name: "plan",
  text: "[instructions]",
  summary: {
    en: "Plan the change that this issue asks for, and wait for a yes before any of it is written.",
    de: "Die Änderung planen, um die es in diesem Issue geht, und auf ein Ja warten, bevor etwas davon geschrieben wird.",
  },
  details: {
    en: "The plan is shown in the comment on the issue. `/afu9 approve` has it written and proposed as with `run`, `/afu9 reject` ends it.",
    de: "Der Plan steht im Kommentar zum Issue. `/afu9 approve` lässt die Änderung schreiben und vorschlagen wie bei `run`, `/afu9 reject` beendet es.",
  },
});
