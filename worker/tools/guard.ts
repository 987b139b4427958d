// What protects a server and those who call it: calls that may be repeated are, and a server that is away is left alone.
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  retry,
} from "cockatiel";
import type { Logger } from "../../shared/logger.ts";
import { ServerFault } from "./server-fault.ts";

export type Guarded<T> = {
  call(): Promise<T>;
  /** How often it may be repeated after a fault that may pass. */
  retries: number;
  /** Whether an answer tells of a fault that may pass. */
  mayPass(answer: T): boolean;
  /** Asks the server for next to nothing. It decides whether one that was left alone is called again. */
  probe(): Promise<void>;
  signal?: AbortSignal;
};

export type Guard = {
  run<T>(guarded: Guarded<T>): Promise<T>;
};

export type GuardOptions = { server: string; log: Logger; aloneMs?: number };

/** Faults one after the other until the server is left alone. */
const faultsAllowed = 5;

export function createGuard({ server, log, aloneMs = 10_000 }: GuardOptions): Guard {
  const breaker = circuitBreaker(handleType(ServerFault), {
    breaker: new ConsecutiveBreaker(faultsAllowed),
    halfOpenAfter: aloneMs,
  });
  breaker.onBreak(() => log.warn({ server }, "mcp server left alone"));
  breaker.onReset(() => log.info({ server }, "mcp server called again"));

  async function once<T>({ call, probe, signal }: Guarded<T>): Promise<T> {
    try {
      // The first call of many may take its time, and all others would wait for it.
      if (breaker.state !== CircuitState.Closed) await breaker.execute(probe, signal);
      return await breaker.execute(call, signal);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const seconds = Math.ceil(aloneMs / 1000);
      throw new Error(
        `it did not answer ${faultsAllowed} times in a row, so it is left alone for ${seconds} s at a time`,
      );
    }
  }

  return {
    run(guarded) {
      const faults = handleType(ServerFault, ({ isTimeout }) => !isTimeout).orWhenResult((answer) =>
        guarded.mayPass(answer as Awaited<ReturnType<typeof guarded.call>>),
      );
      const backoff = new ExponentialBackoff({ initialDelay: 200, maxDelay: 5_000 });
      return retry(faults, { maxAttempts: guarded.retries, backoff }).execute(() => {
        guarded.signal?.throwIfAborted();
        return once(guarded);
      }, guarded.signal);
    },
  };
}
