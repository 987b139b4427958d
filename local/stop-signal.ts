import { once } from "node:events";

/** After this, another Ctrl-C means that somebody is tired of waiting. */
const patienceMs = 1_000;

/**
 * Aborts on the first signal that asks this process to end. npm passes a Ctrl-C on that the terminal has already sent
 * here, so a second signal counts only after a while: then the process ends at once, and its children notice.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let since = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (stop.signal.aborted && Date.now() - since > patienceMs) process.exit(130);
      if (!stop.signal.aborted) since = Date.now();
      stop.abort(new Error(`Ended by ${name}.`));
    });
  }
  // Whoever read our output has gone: `npm run demo | head`.
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", () => stop.abort(new Error("Nobody reads the output any more.")));
  }
  return stop.signal;
}

/** Settles when the signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
