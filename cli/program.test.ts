import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Deps } from "./command.ts";
import { commands } from "./commands/commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";

test("docs/cli.md has every command and every exit code, in the program's words", async () => {
  const text = await readFile(join(import.meta.dirname, "../docs/cli.md"), "utf8");
  const rows = [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row]) => row);
  expect(rows).toEqual([
    "command | what it does",
    ...commands.map(({ usage, summary }) => `\`${usage}\` | ${summary}`),
    "exit code | meaning",
    ...Object.entries(exitCodes).map(([code, meaning]) => `${code} | ${meaning}`),
  ]);
});

test("the help names every command and exit code, and each command's own help its options", () => {
  const createOutput = () => {
    throw new Error("Help is printed by the program");
  };
  const program = createProgram({ deps: {} as Deps, createOutput, onEnd() {} });
  let help = "";
  program
    .configureOutput({
      writeOut(text) {
        help += text;
      },
      getOutHelpWidth: () => 200,
    })
    .outputHelp();
  const squeezed = help.replaceAll(/ +/g, " ");
  for (const { usage, summary } of commands) expect(squeezed).toContain(` ${usage} ${summary}\n`);
  for (const meaning of Object.values(exitCodes)) expect(help).toContain(meaning);

  for (const { usage, options } of commands) {
    const names = usage.split(" ").filter((word) => /^[a-z]/.test(word));
    const leaf = names.reduce((one, name) => one.commands.find((sub) => sub.name() === name) ?? one, program);
    const own = leaf.helpInformation();
    for (const { flags } of [...options, { flags: "--json" }]) expect(own).toContain(flags);
  }
});
