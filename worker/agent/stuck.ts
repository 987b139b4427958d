// Whether an agent comes no further: told from its last turns alone, so that whoever resumes it comes to the same end.
import { isDeepStrictEqual } from "node:util";
import type { Message, ToolCallRequest, ToolMessage } from "../llm/model.ts";

type Made = { call: ToolCallRequest; result: ToolMessage };
type Turn = Made[];

/** So often the same turns, one after the other, are too often. */
const repeats = 3;
/** It may be as many turns that come again. */
const longestCycle = 3;
/** How far back edits that undo each other are looked for. */
const turnsLookedAt = 40;

/**
 * Why an agent comes no further, if it does not: the same calls with the same results three times in a row, or a file
 * that goes from A to B, to A and to B again. What a person or a verification has said since is a new start.
 */
export function stuckIn(messages: readonly Message[]): string | undefined {
  const last = lastTurns(messages, repeats * longestCycle);
  const repetition = repetitionIn(last);
  if (repetition) return repetition;
  const change = last.at(-1)?.flatMap(changeOf).at(-1);
  return change && backAndForthIn(lastTurns(messages, turnsLookedAt), change);
}

/** The last turns with calls since somebody else spoke, the latest last. */
function lastTurns(messages: readonly Message[], most: number): Turn[] {
  const turns: Turn[] = [];
  const results = new Map<string, ToolMessage>();
  for (let at = messages.length - 1; at >= 0 && turns.length < most; at--) {
    const message = messages[at];
    if (message?.role === "user" && message.kind !== "shrink") break;
    if (message?.role === "tool") results.set(message.callId, message);
    if (message?.role !== "assistant") continue;
    const turn = message.calls.flatMap((call) => {
      const result = results.get(call.id);
      return result ? [{ call, result }] : [];
    });
    if (turn.length > 0) turns.push(turn);
    results.clear();
  }
  return turns.reverse();
}

function repetitionIn(turns: Turn[]): string | undefined {
  for (let period = 1; period <= longestCycle; period++) {
    const last = turns.slice(-repeats * period);
    const isCycle =
      last.length === repeats * period &&
      last.every((turn, at) => at < period || isSame(turn, last[at - period]));
    const call = last.at(-1)?.[0]?.call;
    if (isCycle && call)
      return `it called \`${call.name}\` with ${shown(call.input)} ${repeats} times${period === 1 ? " in a row" : ""} and got the same result each time`;
  }
  return undefined;
}

function isSame(turn: Turn, other: Turn = []): boolean {
  return (
    turn.length === other.length &&
    turn.every(({ call, result }, at) => {
      const same = other[at];
      const isSameCall = same?.call.name === call.name && isDeepStrictEqual(same.call.input, call.input);
      return isSameCall && hasSameText(result, same.result);
    })
  );
}

function hasSameText(a: ToolMessage, b: ToolMessage): boolean {
  return a.isError === b.isError && withoutTimes(a.text) === withoutTimes(b.text);
}

/** How long something took, and the number of an output, differ each time and say nothing. */
function withoutTimes(text: string): string {
  return text
    .replace(/"outputId":"[^"]*"/g, "")
    .replace(/duration_?ms\W{0,3}\d+(\.\d+)?/gi, "")
    .replace(/\b\d+(\.\d+)?\s?(ms|s|sec|seconds?)\b/g, "");
}

type Change = { path: unknown; from?: unknown; to: unknown };

/** Compares what the last change did to its file with those before it. */
function backAndForthIn(turns: Turn[], latest: Change): string | undefined {
  const changes = turns.flatMap((turn) => turn.flatMap(changeOf)).filter(({ path }) => path === latest.path);
  const [first, second, third, fourth] = changes.slice(-4).reverse();
  if (!first || !second || !third || first.to !== third.to || first.to === second.to) return undefined;
  const isUndone = (change: Change, by: Change) => change.from === by.to && change.to === by.from;
  const isEdit = isUndone(third, second) && isUndone(second, first);
  const isWrite = [first, second, third].every(({ from }) => from === undefined) && fourth?.to === second.to;
  return isEdit || isWrite ? `it changes \`${String(latest.path)}\` back and forth` : undefined;
}

/** What a call changed in one file, by the tools of the workspace. */
function changeOf({ call: { name, input }, result }: Made): Change[] {
  if (result.isError) return [];
  if (name === "editFile") return [{ path: input.path, from: input.oldText, to: input.newText }];
  return name === "writeFile" ? [{ path: input.path, to: input.content }] : [];
}

function shown(input: Record<string, unknown>): string {
  const text = JSON.stringify(input);
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}
