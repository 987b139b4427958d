// What the providers' replies have in common, as our words and types.
import type { AssistantMessage, Message, ToolCallRequest } from "./model.ts";

type Input = Pick<ToolCallRequest, "input" | "fault">;

const maxText = 400;

/** A call's arguments as the model wrote them. */
export function parseInput(text: string): Input {
  try {
    return readInput(JSON.parse(text || "{}"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { input: {}, fault: `The arguments of this call are not JSON: ${reason}.` };
  }
}

function readInput(input: unknown): Input {
  if (input !== null && typeof input === "object" && !Array.isArray(input)) return { input: { ...input } };
  return { input: {}, fault: "The arguments of this call are JSON, but not an object." };
}

/**
 * Gives each call an id that no other of the conversation has: a result names its call by it, and the providers refuse
 * an id that comes twice. Models of compatible servers count anew in each turn, or give none.
 */
export function createCallIds(messages: readonly Message[]): (id: string | undefined) => string {
  const taken = new Set(
    messages.flatMap((one) => (one.role === "assistant" ? one.calls : [])).map(({ id }) => id),
  );
  return (id) => {
    const wanted = id || "call";
    let free = wanted;
    for (let count = 2; taken.has(free) || !free; count++) free = `${wanted}_${count}`;
    taken.add(free);
    return free;
  };
}

/** Why a reply can't be used, and what to do. It is the end of "the agent was stopped: …". */
export type Usability = Pick<AssistantMessage, "unusable" | "isRefusal">;

export const whole: Usability = { unusable: undefined };

export function cutAt(tokens: number): Usability {
  return {
    unusable: `the model's reply was cut at its limit of ${tokens.toLocaleString("en")} tokens; ask for a smaller change`,
  };
}

export function refused(explanation: string | null | undefined): Usability {
  const reason = explanation
    ?.trim()
    .slice(0, maxText)
    .replace(/[. ]+$/, "");
  const what = `the model refused to answer${reason ? ` ("${reason}")` : ""}`;
  return { unusable: `${what}; put the task in other words`, isRefusal: true };
}

export function endedEarly(reason = "without a reason"): Usability {
  const unusable = `the provider ended the model's reply early (${reason})`;
  return reason === "content_filter" ? { unusable, isRefusal: true } : { unusable };
}
