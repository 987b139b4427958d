// A list of entries, each as often as it says, without being written out.
import { type Entry, isFault, type Reply } from "./script.ts";

/** A reply, and a name of its place that no other reply of the script has. */
export type Placed = { reply: Reply; place: string };
export type PlacedEntry = { entry: Entry; place: string };

/** The entry at an index, counted from 0. */
export function entryAt(entries: Entry[], index: number): PlacedEntry | undefined {
  let before = 0;
  for (const [position, entry] of entries.entries()) {
    const repeated = index - before;
    before += entry.times ?? 1;
    if (index < before) return { entry, place: placeOf(position, repeated) };
  }
  return undefined;
}

/** The first reply from an index on. */
export function replyFrom(entries: Entry[], index: number): Placed | undefined {
  let before = 0;
  for (const [position, entry] of entries.entries()) {
    const repeated = Math.max(0, index - before);
    before += entry.times ?? 1;
    if (index < before && !isFault(entry)) return { reply: entry, place: placeOf(position, repeated) };
  }
  return undefined;
}

export function countOf(entries: Entry[]): number {
  return entries.reduce((sum, { times = 1 }) => sum + times, 0);
}

/** The entries of a turn, counted from 1: its reply, after what leaves no trace in a conversation. */
export function entriesOfTurn(entries: Entry[], turn: number): PlacedEntry[] {
  let [turnsBefore, traceless]: [number, PlacedEntry[]] = [0, []];
  for (const [position, entry] of entries.entries()) {
    const repeated = turn - 1 - turnsBefore;
    if (leavesNoTrace(entry)) traceless.push({ entry, place: placeOf(position, 0) });
    else if (repeated < (entry.times ?? 1)) {
      const reply = { entry: { ...entry, times: 1 }, place: placeOf(position, repeated) };
      return repeated === 0 ? [...traceless, reply] : [reply];
    } else [turnsBefore, traceless] = [turnsBefore + (entry.times ?? 1), []];
  }
  return turnsBefore === turn - 1 ? traceless : [];
}

export function turnsIn(entries: Entry[]): number {
  return countOf(entries.filter((entry) => !leavesNoTrace(entry)));
}

function leavesNoTrace(entry: Entry): boolean {
  return isFault(entry) || entry.stop === "empty";
}

function placeOf(position: number, repeated: number): string {
  return repeated === 0 ? String(position + 1) : `${position + 1}, again ${repeated}`;
}
