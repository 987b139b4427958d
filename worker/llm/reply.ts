// What the providers' replies have in common, as our words and types.
import type { ToolCallRequest } from "./model.ts";

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

export function readInput(input: unknown): Input {
  if (input !== null && typeof input === "object" && !Array.isArray(input)) return { input: { ...input } };
  return { input: {}, fault: "The arguments of this call are JSON, but not an object." };
}

// Why a reply can't be used, and what to do. Each is the end of "the agent was stopped: …".

export function cutAt(tokens: number): string {
  return `the model's reply was cut at its limit of ${tokens.toLocaleString("en")} tokens; ask for a smaller change`;
}

export const tooLong = "the conversation has grown too long for the model; ask for a smaller change";

export function refused(explanation: string | null | undefined): string {
  const reason = explanation
    ?.trim()
    .slice(0, maxText)
    .replace(/[. ]+$/, "");
  return `the model refused to answer${reason ? ` ("${reason}")` : ""}; put the task in other words`;
}

export function endedEarly(reason: string | undefined): string {
  return `the provider ended the model's reply early (${reason ?? "without a reason"})`;
}
