// Finds out how a repository is set up and tested, from its files alone, for those that have no `.github/afu9.yml`.
import { pythonCommands } from "./detect-python.ts";
import type { DetectedCommands, RepositoryFiles } from "./detected-commands.ts";

/** Gives the first kind of project that can be verified, or what there is to set up, or two empty lists. */
export async function detectCommands(files: RepositoryFiles): Promise<DetectedCommands> {
  const setup: string[] = [];
  for (const detect of [nodeCommands, pythonCommands, goCommands, rustCommands, makeCommands]) {
    const found = await detect(files);
    setup.push(...found.setup);
    if (found.verify.length > 0) return { setup, verify: found.verify };
  }
  return { setup, verify: [] };
}

async function nodeCommands({ paths, read }: RepositoryFiles): Promise<DetectedCommands> {
  if (!paths.includes("package.json")) return { setup: [], verify: [] };
  const manifest = asObject(await read("package.json"));
  const test = asRecord(manifest.scripts).test;
  const isTested = typeof test === "string" && test.trim() !== "" && !test.includes("no test specified");
  return { setup: nodeSetup(paths, manifest), verify: isTested ? ["npm test"] : [] };
}

function nodeSetup(paths: string[], manifest: Record<string, unknown>): string[] {
  const has = (path: string) => paths.includes(path);
  if (has("package-lock.json") || has("npm-shrinkwrap.json")) return ["npm ci"];
  if (has("pnpm-lock.yaml")) return ["pnpm install --frozen-lockfile"];
  if (has("yarn.lock")) return [`yarn install ${has(".yarnrc.yml") ? "--immutable" : "--frozen-lockfile"}`];
  if (has("bun.lock") || has("bun.lockb")) return ["bun install --frozen-lockfile"];
  const needed = { ...asRecord(manifest.dependencies), ...asRecord(manifest.devDependencies) };
  return Object.keys(needed).length > 0 ? ["npm install --no-package-lock"] : [];
}

async function goCommands({ paths }: RepositoryFiles): Promise<DetectedCommands> {
  if (!paths.includes("go.mod")) return { setup: [], verify: [] };
  const needsModules = paths.includes("go.sum") && !paths.includes("vendor/modules.txt");
  return { setup: needsModules ? ["go mod download"] : [], verify: ["go test ./..."] };
}

async function rustCommands({ paths }: RepositoryFiles): Promise<DetectedCommands> {
  if (!paths.includes("Cargo.toml")) return { setup: [], verify: [] };
  return {
    setup: [paths.includes("Cargo.lock") ? "cargo fetch --locked" : "cargo fetch"],
    verify: ["cargo test"],
  };
}

async function makeCommands({ paths, read }: RepositoryFiles): Promise<DetectedCommands> {
  const makefile = ["GNUmakefile", "makefile", "Makefile"].find((path) => paths.includes(path));
  if (!makefile || !/^test\s*:(?!=)/m.test(await read(makefile))) return { setup: [], verify: [] };
  return { setup: [], verify: ["make test"] };
}

/** A file that is not JSON counts as one that says nothing. */
function asObject(text: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return {};
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
