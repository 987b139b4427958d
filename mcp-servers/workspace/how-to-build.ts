// What a repository's own files say of how it is built and tested: scripts, targets, and what its CI runs.
import { parseDocument } from "yaml";
import { z } from "zod";
import type { BaseFiles } from "./base-files.ts";

export type Hint = { file: string; commands: string[] };

const maxPerFile = 20;
const maxCommand = 200;
const maxWorkflows = 5;
const maxRead = 100_000;

const Manifest = z.looseObject({ scripts: z.record(z.string(), z.string()).default({}) });
const CiFile = z.looseObject({
  jobs: z.record(
    z.string(),
    z.looseObject({ steps: z.array(z.looseObject({ run: z.string().optional() })).default([]) }),
  ),
});

/** In the order: manifests, Makefile, CI. A file that can't be read as what it should be says nothing. */
export async function howToBuild({ files, read }: BaseFiles): Promise<Hint[]> {
  const has = (path: string) => files.some((file) => file.path === path);
  const hints: Hint[] = [];
  const add = (file: string, commands: string[]) => {
    const shown = [...new Set(commands.map((command) => command.trim().slice(0, maxCommand)))].filter(
      Boolean,
    );
    if (shown.length > 0) hints.push({ file, commands: shown.slice(0, maxPerFile) });
  };
  if (has("package.json")) add("package.json", scriptsOf(await read("package.json", maxRead)));
  for (const [file, command] of Object.entries(byFile)) if (has(file)) add(file, [command]);
  for (const file of ["GNUmakefile", "makefile", "Makefile", "justfile"].filter(has))
    add(
      file,
      targetsOf(await read(file, maxRead)).map(
        (target) => `${file === "justfile" ? "just" : "make"} ${target}`,
      ),
    );
  const workflows = files.filter(({ path }) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path));
  for (const { path } of workflows.slice(0, maxWorkflows)) add(path, runsOf(await read(path, maxRead)));
  return hints;
}

/** What is usual where these are. */
const byFile: Record<string, string> = {
  "pyproject.toml": "python3 -m pytest",
  "tox.ini": "tox",
  "go.mod": "go build ./... && go test ./...",
  "Cargo.toml": "cargo build && cargo test",
  "pom.xml": "mvn verify",
  "build.gradle": "./gradlew build",
  "build.gradle.kts": "./gradlew build",
  Gemfile: "bundle exec rake",
  "mix.exs": "mix test",
  "composer.json": "composer install",
};

function scriptsOf(text: string): string[] {
  const manifest = Manifest.safeParse(parsed(text));
  if (!manifest.success) return [];
  return Object.entries(manifest.data.scripts).map(([name, script]) => `npm run ${name}: ${script}`);
}

function targetsOf(text: string): string[] {
  return [...text.matchAll(/^([A-Za-z][\w-]*)\s*:(?!=)/gm)].flatMap(([, target]) => target ?? []);
}

function runsOf(text: string): string[] {
  const file = CiFile.safeParse(parsed(text));
  if (!file.success) return [];
  const steps = Object.values(file.data.jobs).flatMap((job) => job.steps);
  return steps.flatMap(({ run }) => run?.trim().replace(/\s*\n\s*/g, "; ") ?? []);
}

/** JSON is YAML too. Undefined for what is neither. */
function parsed(text: string): unknown {
  const document = parseDocument(text, { logLevel: "silent" });
  return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 20 });
}
