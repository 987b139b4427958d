// The layers that a repository's configuration is made of: the built-in defaults, the file of the owner above them, and the
// repository's own above that.
import { RepositoryConfig } from "./repository-config.ts";

type Values = Record<string, unknown>;
/** What the files say, as it is written there. */
export type ConfigLayers = { owner: Values; repository: Values };
export type ConfigSource = "default" | "owner" | "repository" | "owner and repository";

/** What holds in the end. Undefined: each is right by itself, and they do not fit together. */
export function mergeLayers({ owner, repository }: ConfigLayers): RepositoryConfig | undefined {
  return RepositoryConfig.safeParse(merged(withoutModel(owner, repository), repository)).data;
}

/** Where a value comes from, by its path. */
export function sourceOf({ owner, repository }: ConfigLayers, path: string[]): ConfigSource {
  const above = valueAt(repository, path) !== undefined;
  const below = valueAt(withoutModel(owner, repository), path) !== undefined;
  if (above && below && path.join(".") === grows) return "owner and repository";
  if (above) return "repository";
  return below ? "owner" : "default";
}

/** Maps are put together key by key; of all else the repository's is taken. What the owner protects stays protected. */
function merged(below: Values, above: Values): Values {
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const [under, over] = [below[name], above[name]];
      if (isValues(under) && isValues(over)) return [name, merged(under, over)];
      if (name === grows && Array.isArray(under) && Array.isArray(over)) return [name, [...under, ...over]];
      return [name, over === undefined ? under : over];
    }),
  );
}

/** The list that grows from layer to layer. */
const grows = "protected-paths";

/** A provider and a name are one choice: of the owner's model nothing is left in the repository's. */
function withoutModel(owner: Values, { model: chosen }: Values): Values {
  if (!isValues(owner.model) || !isValues(chosen)) return owner;
  if (chosen.name === undefined && chosen.provider === undefined) return owner;
  const { effort } = owner.model;
  return { ...owner, model: effort === undefined ? {} : { effort } };
}

function valueAt(values: Values, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isValues(value) ? value[key] : undefined), values);
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
