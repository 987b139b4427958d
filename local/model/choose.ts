// Which entry of a script a request gets.
import { createHash } from "node:crypto";
import type { Conversation } from "./api.ts";
import { type Entry, type Fault, isFault } from "./script.ts";
import { countOf, entriesOfTurn, entryAt, type Placed, replyFrom, turnsIn } from "./sequence.ts";

/** What a request says about its conversation, for the log of what was asked for. */
export type Asked = {
  /** SHA-256 of the request's bytes. */
  request: string;
  /** SHA-256 of the text that the conversation began with. */
  conversation: string;
  /** 1 for the first turn of the model in the conversation. */
  turn: number;
};

/** A reply, or a fault; one that breaks an answer off has the answer with it. */
export type Chosen = Placed | { fault: Fault; next?: Placed } | { dry: string };
export type Request = { asked: Asked; conversation: Conversation; body: unknown };
export type Choose = (request: Request) => Chosen;

export function askedBy(text: string, { first, turn }: Conversation): Asked {
  return { request: sha256(text), conversation: sha256(first), turn };
}

/** The entries one after the other, whoever asks. An identical request gets its reply again. */
export function inOrder(entries: Entry[], script: string): Choose {
  const served = new Map<string, Placed>();
  let index = 0;
  return ({ asked }) => {
    const known = served.get(asked.request);
    if (known) return known;
    const next = entryAt(entries, index);
    if (!next) return { dry: runDry(script, countOf(entries)) };
    index += 1;
    const { entry, place } = next;
    if (isFault(entry)) return { fault: entry, next: replyFrom(entries, index) };
    const placed = { reply: entry, place };
    served.set(asked.request, placed);
    return placed;
  };
}

type ScriptedAgent = { name: string; prompt: string; entries: Entry[] };

/** The reply of the agent that asks, which its prompt tells, for the turn that comes next in its conversation. */
export function byAgent(agents: ScriptedAgent[], script: string): Choose {
  const turns = new Map<string, Choose>();
  return (request) => {
    const { conversation, asked } = request;
    const agent = agents.find(({ prompt }) => prompt === conversation.system);
    if (!agent) {
      return {
        dry: `The script ${script} has no replies for an agent with this prompt: ${conversation.system}`,
      };
    }
    const entries = entriesOfTurn(agent.entries, asked.turn);
    if (entries.length === 0) {
      return { dry: runDry(`${script} (agent ${agent.name})`, turnsIn(agent.entries), asked.turn) };
    }
    const last = entries.at(-1);
    if (entries.length === 1 && last && !isFault(last.entry)) {
      return { reply: last.entry, place: `${agent.name} ${last.place}` };
    }
    const key = `${agent.name} ${asked.conversation} ${asked.turn}`;
    const choose =
      turns.get(key) ??
      inOrder(
        entries.map(({ entry }) => entry),
        script,
      );
    turns.set(key, choose);
    return named(choose(request), key);
  };
}

/** The script of the case whose name stands in the conversation. */
export function byCase(cases: Record<string, Entry[]>, script: string): Choose {
  const scripts = Object.entries(cases).map(([name, entries]) => ({
    name,
    choose: inOrder(entries, `${script} (case ${name})`),
  }));
  return (request) => {
    const one = scripts.find(({ name }) => request.conversation.first.includes(name));
    if (one) return named(one.choose(request), one.name);
    const known = scripts.map(({ name }) => name).join(", ");
    return { dry: `The script ${script} has no case for this conversation. It has: ${known}` };
  };
}

/** With a place that no other list of the script has. */
function named(chosen: Chosen, name: string): Chosen {
  if ("reply" in chosen) return { ...chosen, place: `${name} ${chosen.place}` };
  if ("dry" in chosen || !chosen.next) return chosen;
  return { ...chosen, next: { ...chosen.next, place: `${name} ${chosen.next.place}` } };
}

function runDry(script: string, count: number, turn = count + 1): string {
  const has = count === 1 ? "1 reply" : `${count} replies`;
  return `The script ${script} has ${has} and a ${ordinal(turn)} was asked for. Add a reply, or end the conversation earlier.`;
}

function ordinal(number: number): string {
  const suffixes = { one: "st", two: "nd", few: "rd", other: "th" } as Record<string, string>;
  return number + (suffixes[new Intl.PluralRules("en", { type: "ordinal" }).select(number)] ?? "th");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
