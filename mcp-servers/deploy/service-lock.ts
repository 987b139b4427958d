// One change of a service at a time. Whoever comes second is told to come again: what they knew of the service may have changed.
import type { Pool } from "pg";
import { withLock } from "../../shared/with-lock.ts";
import type { Target } from "../targets.ts";

/** Does the work while nobody else changes the service. Throws a passing fault when somebody does. */
export type InLock = <T>(target: Target, work: () => Promise<T>) => Promise<T>;

/** Holds among the servers that share a database. */
export function lockInDatabase(pool: Pool): InLock {
  return async <T>(target: Target, work: () => Promise<T>) => {
    const done: { result?: T } = {};
    const isDone = await withLock(pool, `deploy:${nameOf(target)}`, async () => {
      done.result = await work();
    });
    if (!isDone) throw isBusy(target);
    return done.result as T;
  };
}

/** Holds within this process: enough where only one deploy server runs. */
export function lockInProcess(): InLock {
  const busy = new Set<string>();
  return async (target, work) => {
    const name = nameOf(target);
    if (busy.has(name)) throw isBusy(target);
    busy.add(name);
    try {
      return await work();
    } finally {
      busy.delete(name);
    }
  };
}

function nameOf({ cluster, service }: Target): string {
  return `${cluster}/${service}`;
}

function isBusy({ cluster, service }: Target): Error {
  return new Error(
    `another change of the service ${service} of the cluster ${cluster} is under way; nothing was changed. ` +
      "Look with getServiceStatus, and try again in a few seconds.",
  );
}
