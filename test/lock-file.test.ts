// The lock file is what a newcomer installs from, on whatever platform.
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { z } from "zod";

const dependencies = z.record(z.string(), z.string()).default({});
const entry = z.object({
  version: z.string(),
  resolved: z.string().optional(),
  dependencies,
  devDependencies: dependencies,
  optionalDependencies: dependencies,
});
const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));
const manifest = entry.parse(read("package.json"));
const { packages } = z.object({ packages: z.record(z.string(), entry) }).parse(read("package-lock.json"));

/** Where Node finds a package for the one at `from`: beside it, or further up. */
function find(from: string, name: string): string | undefined {
  const parents = from
    .split("/node_modules/")
    .map((_, index, parts) => parts.slice(0, parts.length - index).join("/node_modules/"));
  const places = [
    ...parents.filter(Boolean).map((parent) => `${parent}/node_modules/${name}`),
    `node_modules/${name}`,
  ];
  return places.find((place) => packages[place]);
}

test("it locks what package.json asks for", () => {
  const { dependencies, devDependencies } = packages[""] ?? entry.parse({});
  expect({ dependencies, devDependencies }).toEqual({
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
  });
});

test("it has the programs of every platform: without them `npm ci` refuses to install", () => {
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies }]) =>
    Object.keys(optionalDependencies).filter((name) => !find(from, name)),
  );
  expect(missing).toEqual([]);
});

test("it names no registry: a mirror must be free to serve it", () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith("http"))).toEqual([]);
});
