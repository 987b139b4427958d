// What AFU-9 adds to an agent's turn: processor time, what the provider's cache does not give, bytes in the journal.
import type { MessagesRequest } from "../local/model/anthropic/request.ts";
import { type Conversation, type Options, runBare, runWorker } from "./agent-run.ts";
import type { Bench } from "./benchmark.ts";
import { cacheShare } from "./cache-share.ts";
import { openDatabase } from "./database.ts";

export async function agent({ signal, isShort, report }: Bench): Promise<void> {
  await using database = await openDatabase();
  const at = { databaseUrl: database.url, signal };
  const usual = { turns: isShort ? 20 : 100, said: 200, found: 4_000, measured: isShort ? 1 : 5 };

  const ours: Conversation[] = [];
  const bare: Conversation[] = [];
  // In turns, so that neither has the better part of an hour.
  for (let round = 0; round < (isShort ? 1 : 3); round++) {
    signal.throwIfAborted();
    ours.push(await runWorker({ ...at, ...usual }));
    bare.push(await runBare({ ...at, ...usual }));
  }
  reportCpu({ ours, bare, turns: usual.turns }, report);
  reportJournal(ours[0], report);
  await reportCache({ ...at, turns: isShort ? 20 : 50, said: 200, found: 4_000 }, report);
}

type Measured = { ours: Conversation[]; bare: Conversation[]; turns: number };

/** Means: what the garbage collector takes comes seldom and in large pieces, and is a part of what a turn costs. */
function reportCpu({ ours, bare, turns }: Measured, report: Bench["report"]): void {
  const between = (runs: Conversation[], from: number, to: number) =>
    mean(
      runs.flatMap(({ cpuMs }) => cpuMs.map((used) => ((used[to] ?? 0) - (used[from] ?? 0)) / (to - from))),
    );
  const ratio = (from: number, to: number) => between(ours, from, to) / between(bare, from, to);
  const [first, middle, last] = [9, Math.round((turns + 8) / 2), turns - 1];
  const unit = "× the bare SDKs";
  report(
    { what: "a turn of the bare SDKs, processor time", value: between(bare, first, last), unit: "ms" },
    { what: "a turn of AFU-9's, processor time", value: between(ours, first, last), unit: "ms" },
    { what: `turns 10 to ${turns}`, value: ratio(first, last), unit, atMost: 1.3 },
    { what: `turns 10 to ${middle + 1}`, value: ratio(first, middle), unit },
    { what: `turns ${middle + 1} to ${turns}`, value: ratio(middle, last), unit },
    {
      what: "the ratio of the second half beside that of the first",
      value: ratio(middle, last) / ratio(first, middle),
      unit: "×",
      atMost: 1.15,
    },
  );
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function reportJournal(run: Conversation | undefined, report: Bench["report"]): void {
  const last = JSON.parse(run?.asked.at(-1)?.body ?? "{}") as MessagesRequest;
  const transcript = Buffer.byteLength(JSON.stringify(last.messages));
  report({
    what: "bytes of the journal",
    value: (run?.journalBytes ?? 0) / transcript,
    unit: "× the transcript",
    atMost: 1.3,
  });
}

/** With a window that is full at about four fifths of the conversation: of results that can go, and of words that can't. */
async function reportCache(options: Options, report: Bench["report"]): Promise<void> {
  const wordy = { ...options, said: 3_000, found: 900 };
  const whole = cacheShare(await runWorker(options));
  const wholeWords = cacheShare(await runWorker(wordy));
  const window = { contextTokens: 1_000 * options.turns, maxOutputTokens: 0 };
  const shortened = cacheShare(await runWorker({ ...options, window }));
  const summedUp = cacheShare(await runWorker({ ...wordy, window }));
  const [compaction, missing] = ["of the most with one compaction", "is missing"];
  report(
    { what: "input that the cache gives", value: 100 * whole.read, unit: "%" },
    { what: "the most that it could give", value: 100 * whole.optimum, unit: "%" },
    { what: `of the most ${missing}`, value: 100 * (1 - whole.read / whole.optimum), unit: "%", atMost: 1 },
    {
      what: `${compaction} of results ${missing}`,
      value: 100 * (1 - shortened.read / whole.optimum),
      unit: "%",
      atMost: 3,
    },
    {
      what: `${compaction} by a summary ${missing}`,
      value: 100 * (1 - summedUp.read / wholeWords.optimum),
      unit: "%",
      atMost: 3,
    },
    {
      what: "compactions in these two",
      value: shortened.compactions + summedUp.compactions,
      unit: "in all",
      atMost: 2,
    },
  );
}
