// Runs AFU-9 with the settings as they are, until they change while it is being set up.
import { unwatchFile, watchFile } from "node:fs";
import type { Database } from "../../shared/db.ts";
import { messageOf } from "../../shared/errors.ts";
import { keepBeating } from "../../shared/heartbeat.ts";
import { createLogger } from "../../shared/logger.ts";
import { isSetupOpen, openSetup } from "../../shared/open-setup.ts";
import type { StartFacts } from "../../shared/process-facts.ts";
import { type Environment, processSpec } from "../processes.ts";
import { supervise } from "../supervise.ts";
import { parseLog } from "../supervised-process.ts";
import { addresses } from "./addresses.ts";
import { keepTrying } from "./keep-trying.ts";
import { print, reportEnd, say } from "./say.ts";
import { type StartMode, startMode } from "./start-mode.ts";

type Phase = { env: Environment; db: Database; envFile: string; stop: AbortSignal; isFirst: boolean };
type Change = { promise: Promise<void>; tell(): void };

/** Ends with everything that it has started when the settings have changed. Otherwise it goes on until the stop signal. */
export async function runPhase({ env, db, envFile, stop, isFirst }: Phase): Promise<void> {
  const mode = readMode(env, isFirst);
  const isComplete = mode.kind === "run" && mode.missing.length === 0;
  await using running = new AsyncDisposableStack();
  const change = changeOf(stop);
  if (!isComplete) {
    watchFile(envFile, { interval: 500 }, change.tell);
    running.defer(() => unwatchFile(envFile, change.tell));
  }
  if (mode.kind === "make-app") running.defer(await makeApp(env, stop, change));
  else if (isComplete && !(await isSetupOpen(db))) running.defer(await runStrictly(env, stop));
  else if (mode.kind === "run") running.defer(await runWithChecklist({ env, mode, db, stop }));
  // Whoever follows the link finds somebody there.
  if (isFirst && !isComplete) await offerSetup(env, db);
  await change.promise;
}

/** Settings that can't be meant may be half typed: they are waited for. */
function readMode(env: Environment, isFirst: boolean): StartMode | { kind: "wait" } {
  try {
    return startMode(env);
  } catch (error) {
    if (isFirst) throw error;
    say(messageOf(error), "error");
    return { kind: "wait" };
  }
}

/** Settles when the settings have changed, or with the stop signal. */
function changeOf(stop: AbortSignal): Change {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (stop.aborted) resolve();
  stop.addEventListener("abort", () => resolve(), { once: true });
  return { promise, tell: () => resolve() };
}

/** Whoever sees this output is the operator. */
async function offerSetup(env: Environment, db: Database): Promise<void> {
  const link = `/setup?token=${await openSetup(db)}`;
  const { app } = addresses(env);
  const here = app.host === "0.0.0.0" ? "127.0.0.1" : app.host;
  if (env.PUBLIC_URL) say(`Set AFU-9 up at ${env.PUBLIC_URL.replace(/\/+$/, "")}${link}`);
  say(`${env.PUBLIC_URL ? "Or, on this machine, at" : "Set AFU-9 up at"} http://${here}:${app.port}${link}`);
  say("The link can be opened once. Another one: npm run afu9 -- setup open");
}

async function makeApp(env: Environment, stop: AbortSignal, change: Change) {
  const { port } = addresses(env).app;
  const supervised = await supervise([processSpec("setup", { ...env, PORT: String(port) })], {
    restart: true,
    signal: stop,
    onLine(name, line) {
      print(name, line);
      if (parseLog(line)?.message === "app credentials kept") change.tell();
    },
    onEnd: reportEnd,
  });
  say("There is no GitHub App yet. Ctrl-C ends this.");
  return () => supervised.close();
}

/** All of AFU-9. What does not come up ends it, with the reason. */
async function runStrictly(env: Environment, stop: AbortSignal) {
  const supervised = await supervise(specsOf(env), {
    restart: true,
    signal: stop,
    onLine: print,
    onEnd: reportEnd,
  });
  say(`AFU-9 is up. Webhooks arrive at ${supervised.urls.app}/api/webhooks/github. Ctrl-C ends it.`);
  return () => supervised.close();
}

type Unfinished = Pick<Phase, "env" | "db" | "stop"> & { mode: StartMode & { kind: "run" } };

/** The app, and of the rest what can be started. The checklist shows what can't. */
async function runWithChecklist({ env, mode, db, stop }: Unfinished) {
  const failing = new Map<string, string>();
  const options = { onLine: print, onEnd: reportEnd };
  const [app, others] = [specsOf(env).slice(-1), specsOf(env).slice(0, -1)];
  const supervised = await supervise(app, { ...options, restart: true, signal: stop });
  const wanted = others.filter(({ name }) => name !== "worker" || mode.missing.length === 0);
  const trying = keepTrying(wanted, {
    ...options,
    onFailing(name, reason) {
      if (reason === undefined) return failing.delete(name);
      failing.set(name, reason);
      say(`The process ${name} does not come up; it is tried again. ${reason}`, "error");
    },
  });
  for (const { name, source } of mode.missing) say(`${name} is missing (${source}). Put it into .env.`);
  const facts = async (): Promise<StartFacts> => ({
    missing: mode.missing,
    failing: Object.fromEntries(failing),
    sandbox: env.AFU9_SANDBOX || "bwrap",
  });
  const beating = keepBeating({ db, service: "start", facts, log: createLogger("start", "warn") });
  return async () => {
    await beating.stop();
    await Promise.all([trying.close(), supervised.close()]);
  };
}

function specsOf(env: Environment) {
  const { app, servers } = addresses(env);
  return [
    ...servers.map(([name, { host, port }]) => processSpec(name, { ...env, HOST: host, PORT: String(port) })),
    processSpec("worker", env),
    processSpec("app", { ...env, PORT: String(app.port) }),
  ];
}
