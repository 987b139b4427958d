import { readdir } from "node:fs/promises";
import { basename } from "node:path";

/** The agents in a folder, by the names that workflows know them by. */
export async function agentNames(folder: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => basename(name, ".md"))
    .sort();
}
