import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseRepositoryConfig } from "../../shared/repository-config.ts";
import { processes } from "../processes.ts";
import { withSettings } from "./configuration.ts";
import { readVariables } from "./read-variables.ts";

const root = join(import.meta.dirname, "../..");
const path = join(root, "docs/configuration.md");

test("docs/configuration.md says of every setting what the schema and .env.example say", async () => {
  const page = await readFile(path, "utf8");
  const current = withSettings(page, await readFile(join(root, ".env.example"), "utf8"));
  if (process.env.AFU9_UPDATE_DOCS) await writeFile(path, current);
  else expect(page).toBe(current);
});

test("the example in it can be used", async () => {
  const [, example = ""] = (await readFile(path, "utf8")).match(/```yaml\n([\s\S]*?)```/) ?? [];
  expect(parseRepositoryConfig(example)).toMatchObject({
    labels: { start: "robot" },
    approval: { plan: true },
  });
});

test("every variable of ours that a process is given is there, with what it is for", async () => {
  const sections = readVariables(await readFile(join(root, ".env.example"), "utf8"));
  const told = sections.flatMap(({ variables }) =>
    variables.flatMap(({ names, text }) => (text ? names.map(({ name }) => name) : [])),
  );
  const given = Object.values(processes).flatMap(({ variables }) => variables);
  const ours = given.filter((name) => /^(AFU9|ANTHROPIC|OPENAI)_/.test(name));
  expect(ours.filter((name) => !told.includes(name))).toEqual([]);
});
