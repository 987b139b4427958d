// What holds for a repository: the built-in defaults, the file in the owner's `.github` repository, and the repository's own.
import type { Pool } from "pg";
import { type ConfigFile, configSource, readConfigFile } from "./config-files.ts";
import { type ConfigLayers, mergeLayers } from "./config-layers.ts";
import type { ConfigReader } from "./fetch-config-file.ts";
import type { LineFault } from "./read-yaml.ts";
import { RepositoryConfig, readConfigText } from "./repository-config.ts";

/** Where an owner's file is: GitHub itself looks there for what an owner's repositories have in common. */
export const ownersRepository = ".github";

/** A push to it makes it read anew at once. But the App need not be installed there, and then no push is heard of. */
const ownersMaxAge = 5 * 60;

export type EffectiveConfig = {
  config: RepositoryConfig;
  layers: ConfigLayers;
  files: Record<keyof ConfigLayers, ConfigFile | undefined>;
  /** What can't be used as it is now. The last version that could holds, or where there is none, what lies beneath. */
  broken: { of: keyof ConfigLayers; faults: LineFault[] }[];
};

export type ConfigPlace = { id: number; owner: string; name: string };

/**
 * Reads both files. What was read `maxAge` seconds ago at most is not asked for again. `octokitFor` gives what a repository
 * of this owner is read through. An owner's file that can't be reached is none.
 */
export async function readEffectiveConfig(
  pool: Pick<Pool, "query">,
  { id, owner, name }: ConfigPlace,
  { octokitFor, maxAge }: { octokitFor(repo: string): ConfigReader; maxAge?: number },
): Promise<EffectiveConfig> {
  const ofOwner = () =>
    readConfigFile(pool, configSource.owner(owner), {
      at: { owner, repo: ownersRepository },
      octokit: reachable(octokitFor(ownersRepository)),
      maxAge: ownersMaxAge,
    });
  const [above, below] = await Promise.all([
    readConfigFile(pool, configSource.repository(id), {
      at: { owner, repo: name },
      octokit: octokitFor(name),
      maxAge,
    }),
    name.toLowerCase() === ownersRepository ? undefined : ofOwner(),
  ]);
  return effectiveConfig({ owner: below, repository: above });
}

/** Puts the files together. Where they do not fit, the owner's is left out. */
export function effectiveConfig(files: EffectiveConfig["files"]): EffectiveConfig {
  const [owner, repository] = [layerOf(files.owner), layerOf(files.repository)];
  const broken = [
    { of: "owner" as const, faults: owner.faults },
    { of: "repository" as const, faults: repository.faults },
  ].filter(({ faults }) => faults.length > 0);
  const layers = { owner: owner.value, repository: repository.value };
  const config = mergeLayers(layers);
  if (config) return { config, layers, files, broken };

  const faults = [{ line: 1, message: "it does not go together with what the repository's own file says" }];
  return {
    config: RepositoryConfig.parse(repository.value),
    layers: { owner: {}, repository: repository.value },
    files,
    broken: [...broken, { of: "owner", faults }],
  };
}

/** What was kept may be refused by the checks of today. */
function layerOf(file: ConfigFile | undefined): { value: Record<string, unknown>; faults: LineFault[] } {
  const faults = file?.brokenFaults ?? [];
  const read = readConfigText(file?.text ?? "");
  return "value" in read ? { value: read.value, faults } : { value: {}, faults: [...faults, ...read.faults] };
}

/** A token for a repository where the App is not installed is refused. */
function reachable({ rest }: ConfigReader): ConfigReader {
  const getContent: ConfigReader["rest"]["repos"]["getContent"] = (parameters) =>
    rest.repos.getContent(parameters).catch((error: { status?: number }) => {
      throw error.status === 422 ? Object.assign(new Error("Out of reach"), { status: 404 }) : error;
    });
  return { rest: { repos: { getContent } } };
}
