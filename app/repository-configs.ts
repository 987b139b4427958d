import type { Context } from "probot";
import type { Database } from "../shared/db.ts";
import { type EffectiveConfig, readEffectiveConfig } from "../shared/effective-config.ts";
import type { RepositoryConfig } from "../shared/repository-config.ts";

type Asking = Pick<Context, "octokit"> & {
  repo(): { owner: string; repo: string };
  payload: { repository: { id: number } };
};

export type RepositoryConfigs = {
  /**
   * What holds for the repository that a webhook is about, by its file and its owner's on their default branches now. A
   * file that can't be used leaves in force what was there before.
   */
  of(context: Asking): Promise<RepositoryConfig>;
  /** The same, with where each value comes from and what can't be used. */
  effectiveOf(context: Asking): Promise<EffectiveConfig>;
};

/** Reads once for each delivery: all its handlers are given the same payload. */
export function createRepositoryConfigs({ pool }: Pick<Database, "pool">): RepositoryConfigs {
  const known = new WeakMap<object, Promise<EffectiveConfig>>();

  function effectiveOf(context: Asking): Promise<EffectiveConfig> {
    const { octokit, payload } = context;
    const { owner, repo: name } = context.repo();
    const place = { id: payload.repository.id, owner, name };
    const reading = known.get(payload) ?? readEffectiveConfig(pool, place, { octokitFor: () => octokit });
    known.set(payload, reading);
    return reading;
  }
  return { effectiveOf, of: async (context) => (await effectiveOf(context)).config };
}
