import type { Command } from "./command.ts";
import { createOwnStart } from "./own-start.ts";

export const run: Command = createOwnStart({
  name: "run",
  text: "[instructions]",
  summary: {
    en: "Work on this issue and open a pull request.",
    de: "Dieses Issue bearbeiten und einen Pull Request öffnen.",
  },
  details: {
    en: "Mentioning me at the beginning of a line, with what you want after it, does the same.",
    de: "Mich am Anfang einer Zeile zu erwähnen, und danach, was Sie wollen, bewirkt dasselbe.",
  },
});
