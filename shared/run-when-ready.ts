// BullMQ on PostgreSQL keeps its first connection's failure for ever: whatever is asked of such a queue fails with it, and a
// worker asks again and again without a pause, so that its process does nothing else and can't even be stopped. So a worker
// runs only once its connection is there, and one whose connection failed is given up for another.
import { setTimeout } from "node:timers/promises";

export type Connected = { waitUntilReady(): Promise<unknown>; close(): Promise<void> };
type Runnable = Connected & { run(): Promise<unknown> };

/** Until the next try. */
const pauseMs = 1_000;

/** Opens a worker that does not run by itself, and runs it; tries until it is closed. Errors are told, not thrown. */
export function runWhenReady(open: () => Runnable, onError: (error: Error) => void) {
  const closing = new AbortController();
  const { signal } = closing;
  let worker = open();
  const began = begin();

  async function begin(): Promise<void> {
    while (!signal.aborted) {
      try {
        await connected(worker);
        // It runs until it is closed.
        worker.run().catch(onError);
        return;
      } catch (error) {
        onError(error as Error);
      }
      await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) worker = open();
    }
  }
  return {
    async close(): Promise<void> {
      closing.abort();
      await worker.close();
      await began;
    },
  };
}

/** Waits for the connection. What can't connect is closed, and the error thrown. */
export async function connected(opened: Connected): Promise<void> {
  try {
    await opened.waitUntilReady();
  } catch (error) {
    await opened.close();
    throw error;
  }
}
