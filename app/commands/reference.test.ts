import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { loadWorkflows } from "../../shared/workflow.ts";
import { commandRoles } from "../policy/command-roles.ts";
import { commands } from "./commands.ts";
import { withReference } from "./reference.ts";
import { startsOf } from "./start.ts";

const root = join(import.meta.dirname, "../..");

test("docs/commands.md says of every command what the list says", async () => {
  const path = join(root, "docs/commands.md");
  const page = await readFile(path, "utf8");
  const current = withReference(page, await loadWorkflows(join(root, "workflows")));
  if (process.env.AFU9_UPDATE_DOCS) await writeFile(path, current);
  else expect(page).toBe(current);
});

test("every command has one name of its own, and a role in the table", async () => {
  const starts = startsOf(
    (await loadWorkflows(join(root, "workflows"))).map(({ definition }) => ({ id: "", definition })),
  );
  const names = commands.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(commandRoles)).toEqual(expect.arrayContaining(names));
  for (const { summary } of [...commands, ...starts])
    for (const text of Object.values(summary)) expect(text).toMatch(/^[A-Z].*\.$/);
});
