// Which folder may import which. The rules are in .dependency-cruiser.cjs.
import { execFile } from "node:child_process";
import { glob, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { z } from "zod";

const root = join(import.meta.dirname, "..");
const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

const Report = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** Runs the rules on a directory, as `npm run check:layers` does. Gives the files seen, and "rule: from → to". */
async function cruise(directory: string) {
  const args = [program, "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "."];
  // It ends with the number of violations, so its answer counts and not how it ends.
  const answer = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: directory, maxBuffer: 2 ** 26 }, (_, stdout, stderr) =>
      resolve(stdout || stderr),
    );
  });
  const { modules, summary } = Report.parse(JSON.parse(answer));
  return {
    files: modules.map(({ source }) => source),
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort(),
  };
}

const samples: string[] = [];
afterAll(() => Promise.all(samples.map((sample) => rm(sample, { recursive: true }))));

/** Makes a project of these files. */
async function project(files: Record<string, string>): Promise<string> {
  const sample = await mkdtemp(join(tmpdir(), "afu9-layers-"));
  samples.push(sample);
  const settings = { "tsconfig.json": "{}", "package.json": '{ "type": "module" }' };
  for (const [path, content] of Object.entries({ ...settings, ...files })) {
    await mkdir(dirname(join(sample, path)), { recursive: true });
    await writeFile(join(sample, path), content);
  }
  return sample;
}

test("every file keeps to its layer, and no file is overlooked", async () => {
  const { files, violations } = await cruise(root);
  expect(violations).toEqual([]);
  const sources: string[] = [];
  for await (const file of glob("{app,worker,mcp-servers,shared,prisma,local,test,bench}/**/*.ts", {
    cwd: root,
  })) {
    if (!/node_modules|^local\/sample-repository/.test(file)) sources.push(file);
  }
  expect(sources.length).toBeGreaterThan(100);
  expect(files).toEqual(expect.arrayContaining(sources));
});

test("what is not allowed is found: across layers, by type, dynamically, in a circle, through an index, and nowhere", async () => {
  const sample = await project({
    "prisma/a.ts": 'import "../shared/a.ts";',
    "shared/a.ts": 'import "../local/a.ts";',
    "local/a.ts": "export const a = 1;",
    "app/a.ts": 'import type { B } from "../worker/b.ts"; export type A = B;',
    "app/c.ts": 'export const c = () => import("../test/c.ts");',
    "test/c.ts": "export const c = 1;",
    "worker/b.ts": 'import "../mcp-servers/m.ts"; export type B = 1;',
    "worker/d.ts": 'import "../app/c.ts";',
    "mcp-servers/m.ts": 'import "../worker/e.ts";',
    "worker/e.ts": 'import { f } from "./f.ts"; export const e = () => f;',
    "worker/f.ts": 'import { e } from "./e.ts"; export const f = () => e;',
    "worker/k.ts": 'import { l } from "./l.ts"; export type K = 1; export const k = l;',
    "worker/l.ts": 'import type { K } from "./k.ts"; export const l: K = 1;',
    "shared/things/index.ts": "export const thing = 1;",
    "app/g.ts": 'import "../shared/things/index.ts";',
    "app/h.ts": 'import "./nothing.ts";',
    "app/i.test.ts": "export const i = 1;",
    "app/j.ts": 'import "./i.test.ts";',
    "bench/a.ts": "export const a = 1;",
    "test/a.ts": 'import "../bench/a.ts";',
  });
  const { violations } = await cruise(sample);
  expect(violations).toEqual([
    "app-imports: app/a.ts → worker/b.ts",
    "app-imports: app/c.ts → test/c.ts",
    "mcp-servers-imports: mcp-servers/m.ts → worker/e.ts",
    "no-barrels: app/g.ts → shared/things/index.ts",
    "no-benchmarks-imported: test/a.ts → bench/a.ts",
    "no-cycles: worker/e.ts → worker/f.ts",
    "no-cycles: worker/k.ts → worker/l.ts",
    "no-tests-imported: app/j.ts → app/i.test.ts",
    "no-unresolvable: app/h.ts → ./nothing.ts",
    "prisma-imports: prisma/a.ts → shared/a.ts",
    "shared-imports: shared/a.ts → local/a.ts",
    "worker-imports: worker/b.ts → mcp-servers/m.ts",
    "worker-imports: worker/d.ts → app/c.ts",
  ]);
});

test("what is allowed passes: the layers below, and anything for tests and benchmarks", async () => {
  const sample = await project({
    "prisma/a.ts": "export const a = 1;",
    "shared/b.ts": 'import "../prisma/a.ts";',
    "app/c.ts": 'import "../shared/b.ts"; import { d } from "./d.ts"; export const c = d;',
    "app/d.ts": "export const d = 1;",
    "app/c.test.ts": 'import "../test/e.ts";',
    "test/e.ts": 'import "../worker/f.ts"; import "../local/g.ts";',
    "worker/f.ts": 'import "../prisma/a.ts";',
    "local/g.ts": 'import "../app/c.ts";',
    "bench/h.ts": 'import "../test/e.ts"; import "./i.ts";',
    "bench/i.ts": 'import "../worker/f.ts";',
  });
  const { files, violations } = await cruise(sample);
  expect(violations).toEqual([]);
  expect(files).toHaveLength(10);
});
