import type { Command } from "./command.ts";
import { createOwnStart } from "./own-start.ts";

export const run: Command = createOwnStart({
  name: "run",
  text: "[instructions]",
  summary: "Work on this issue and open a pull request.",
  details: "Mentioning me at the beginning of a line, with what you want after it, does the same.",
});
