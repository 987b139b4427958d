// Which reply of a script comes next.
import { createHash } from "node:crypto";
import { blocksOf, type MessagesRequest } from "./request.ts";
import type { Reply } from "./script.ts";

/** What a request says about its conversation, for the log of what was asked for. */
export type Asked = {
  /** SHA-256 of the request's bytes. */
  request: string;
  /** SHA-256 of the text that the conversation began with. */
  conversation: string;
  /** 1 for the first turn of the model in the conversation. */
  turn: number;
};

/** The reply, and a name of its place that no other reply of the script has. */
export type Next = { reply: Reply; place: string };

export type Choose = (request: MessagesRequest, asked: Asked) => Next | { dry: string };

export function askedBy(text: string, { messages }: MessagesRequest): Asked {
  const [first] = messages[0] ? blocksOf(messages[0]) : [];
  return {
    request: sha256(text),
    conversation: sha256(first?.type === "text" ? first.text : ""),
    turn: messages.filter(({ role }) => role === "assistant").length + 1,
  };
}

/** The replies one after the other, whoever asks. An identical request gets its reply again. */
export function inOrder(replies: Reply[], script: string): Choose {
  const served = new Map<string, Next>();
  return (_, { request }) => {
    const known = served.get(request);
    const reply = replies[served.size];
    if (known) return known;
    if (!reply) return { dry: runDry(script, replies.length) };
    const next = { reply, place: String(served.size + 1) };
    served.set(request, next);
    return next;
  };
}

/** The reply of the agent that asks, which its prompt tells, for the turn that comes next in its conversation. */
export function byAgent(
  agents: { name: string; prompt: string; replies: Reply[] }[],
  script: string,
): Choose {
  return ({ system }, { turn }) => {
    const prompt = typeof system === "string" ? system : (system ?? []).map(({ text }) => text).join("\n");
    const agent = agents.find((candidate) => candidate.prompt === prompt);
    if (!agent)
      return { dry: `The script ${script} has no replies for an agent with this prompt: ${prompt}` };
    const reply = agent.replies[turn - 1];
    if (!reply) return { dry: runDry(`${script} (agent ${agent.name})`, agent.replies.length, turn) };
    return { reply, place: `${agent.name} ${turn}` };
  };
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
