// Loaded into a process before its own code: `NODE_OPTIONS=--import=…/crash-point.ts`. It says on stderr which await points the
// process passes, and ends or stops the process at the one that AFU9_CRASH_AT names. Every wait for the outside goes
// through one of the functions that are wrapped here: a query, a request, a job's nudge. Each has these sides:
//   before   nothing was sent yet
//   sent     (of a request) the other side works on it
//   after    the answer is here, and nobody has used it
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { Queue } from "bullmq";
import pg from "pg";
import { callSite, requestName, statementName } from "./await-point.ts";
import { CrashAt, type Side } from "./crash-at.ts";

const crashAt = process.env.AFU9_CRASH_AT ? CrashAt.parse(JSON.parse(process.env.AFU9_CRASH_AT)) : undefined;
const isFatal = fatalPoints(crashAt?.points ?? []);
const known = new Set<string>();
let toSkip = crashAt?.skip ?? 0;

function pass(place: string, side: Side): void {
  const point = `${place} ${side}`;
  if (!known.has(point)) say({ message: "await point", point });
  known.add(point);
  if (!crashAt || !isFatal(point) || toSkip-- !== 0) return;
  say({ message: "crash", point, signal: crashAt.signal, at: Date.now() });
  process.kill(process.pid, crashAt.signal);
}

function fatalPoints(points: CrashAt["points"]): (point: string) => boolean {
  if (Array.isArray(points)) return (point) => points.includes(point);
  const pattern = new RegExp(points.like);
  return (point) => pattern.test(point);
}

function say(line: object): void {
  writeSync(2, `${JSON.stringify(line)}\n`);
}

/** Wraps a method that gives a promise. Where it gives none (a callback was passed), nothing is passed. */
function watch(owner: object, name: string, placeOf: (args: unknown[]) => string | undefined): void {
  const real: unknown = Reflect.get(owner, name);
  if (typeof real !== "function") throw new Error(`Expected a method ${name}`);
  Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
    const takesCallback = args.some((arg) => typeof arg === "function");
    const place = takesCallback ? undefined : placeOf(args);
    if (place) pass(place, "before");
    const answer: unknown = Reflect.apply(real, this, args);
    if (!place || !(answer instanceof Promise)) return answer;
    return answer.then((value: unknown) => {
      pass(place, "after");
      return value;
    });
  });
}

function sqlOf([query]: unknown[]): string {
  if (typeof query === "string") return query;
  const text: unknown = query && typeof query === "object" ? Reflect.get(query, "text") : undefined;
  return typeof text === "string" ? text : "";
}

watch(pg.Pool.prototype, "query", (args) => callSite() ?? statementName(sqlOf(args)));
// The pool's own use of a connection passes a callback.
watch(pg.Client.prototype, "query", () => callSite());
watch(Queue.prototype, "add", ([name]) => `nudge ${String(name)} ${callSite() ?? ""}`);

const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  const name = requestName(
    init?.method ?? (input instanceof Request ? input.method : "GET"),
    url,
    init?.body,
  );
  const place = `${name} ${callSite() ?? ""}`.trim();
  pass(place, "before");
  const response = await realFetch(input, init);
  pass(place, "sent");
  return whenRead(response, () => pass(place, "after"));
};

/** The last piece of an answer, also of one that is streamed and whose end the caller does not wait for. */
const lastPiece = /"result"|"error"|message_stop/;

/** Calls `onRead` when the answer is here as a whole and its last piece was not handed on yet. */
function whenRead(response: Response, onRead: () => void): Response {
  if (!response.body) {
    onRead();
    return response;
  }
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  const text = new TextDecoder();
  let isRead = false;
  function read() {
    if (!isRead) onRead();
    isRead = true;
  }
  const pieces = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      if (isStream && lastPiece.test(text.decode(piece, { stream: true }))) read();
      controller.enqueue(piece);
    },
    flush: read,
  });
  const { status, statusText, headers } = response;
  const copy = new Response(response.body.pipeThrough(pieces), { status, statusText, headers });
  return Object.defineProperty(copy, "url", { value: response.url });
}

// A process that is killed leaves no compile cache behind: it is written once, when all is loaded.
setTimeout(() => flushCompileCache(), 2_000).unref();
