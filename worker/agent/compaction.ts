// Keeps a conversation within the model's window. What is sent is a function of what is saved, so that whoever resumes an
// agent sends the same bytes: what is left out, and what takes its place, are messages of the transcript themselves.
import { fenced } from "../../shared/untrusted-text.ts";
import type { Message, Model, ToolMessage, UserMessage } from "../llm/model.ts";
import { wasAskedFor } from "./turns.ts";

export type Window = Pick<Model, "contextTokens" | "maxOutputTokens">;

/** The share of the window that is used before something is done about it. */
const fullShare = 0.8;
/** To leave room for a reply, it may be less; but not less than this. */
const leastShare = 0.5;
/** Calling it too many is safe: English has about 4, code about 3. */
const charactersPerToken = 3;

/** The results of so many turns are never shortened, but where the window is too small for them. */
const turnsKept = 5;
/** Results that are shorter stay. */
const longResult = 1_000;
/** What is left of one that is shortened. */
const headLength = 300;
/** Shortening changes what the provider has in its cache: it has to free this share of what is used. */
const worthShare = 0.3;

/** The messages as a model gets them. */
export function sent(messages: readonly Message[]): readonly Message[] {
  const start = Math.max(0, lastCompaction(messages));
  const shortened = new Set<string>();
  const kept: Message[] = [];
  for (let at = messages.length - 1; at >= start; at--) {
    const message = messages[at];
    if (message?.role === "user" && message.kind === "shrink")
      for (const id of message.shrinks ?? []) shortened.add(id);
    else if (message?.role === "tool" && shortened.has(message.callId)) kept.push(shortResult(message));
    else if (message) kept.push(message);
  }
  return [...survivorsOf(messages.slice(0, start)), ...kept.reverse()];
}

function lastCompaction(messages: readonly Message[]): number {
  return messages.findLastIndex((message) => message.role === "user" && message.kind === "compaction");
}

/** What is said word for word also after a summary: the task, what people said, and what the last verification found. */
function survivorsOf(summedUp: Message[]): Message[] {
  const said = summedUp.filter((message) => message.role === "user");
  const verification = said.findLast(({ kind }) => kind === "verification");
  return said.filter((message) => message === verification || ["task", "steer"].includes(message.kind));
}

function shortResult(message: ToolMessage): ToolMessage {
  const { name, text } = message;
  const head = text.slice(0, headLength).toWellFormed();
  const left = (text.length - headLength).toLocaleString("en");
  const id = text.match(/"outputId":\s*"([^"]+)"/)?.[1];
  const again = id ? `readOutput with the id ${id} shows it` : "make the call again to see it as it is now";
  return {
    ...message,
    text: `${head}\n[${left} more characters of this result of ${name} were left out to save room: ${again}.]`,
  };
}

/**
 * What to say before the model is asked again: nothing while there is room. Then old results of calls are shortened
 * where that is worth it, and when it is not, the model is asked for a summary.
 */
export function compactionDue(messages: readonly Message[], window: Window): UserMessage | undefined {
  const used = tokensUsed(messages);
  const room = Math.min(fullShare * window.contextTokens, window.contextTokens - window.maxOutputTokens);
  if (used === undefined || used < Math.max(room, leastShare * window.contextTokens)) return undefined;
  const old = shrinkable(messages, turnsKept);
  const freed = old.reduce((sum, { text }) => sum + text.length - headLength, 0) / charactersPerToken;
  return freed >= worthShare * used ? shrink(old) : summaryRequest;
}

/** All that can be left out, for a conversation that did not fit. Undefined when there is nothing more. */
export function shrinkAll(messages: readonly Message[]): UserMessage | undefined {
  const all = shrinkable(messages, 0);
  return all.length > 0 ? shrink(all) : undefined;
}

/** How many tokens the next request has, by what the last one had. Undefined when that says nothing any more. */
function tokensUsed(messages: readonly Message[]): number | undefined {
  const at = messages.findLastIndex(({ role }) => role === "assistant");
  const turn = messages[at];
  const since = messages.slice(at + 1);
  if (turn?.role !== "assistant" || since.some(isAboutRoom)) return undefined;
  const { input, cacheRead, cacheWrite, output } = turn.usage;
  const said = since.reduce((sum, { text }) => sum + text.length, 0);
  return input + cacheRead + cacheWrite + output + said / charactersPerToken;
}

function isAboutRoom(message: Message): boolean {
  return message.role === "user" && ["shrink", "summarise", "compaction"].includes(message.kind);
}

function shrinkable(messages: readonly Message[], keep: number): ToolMessage[] {
  const turns = messages.flatMap(({ role }, index) => (role === "assistant" ? [index] : []));
  const end = keep === 0 ? messages.length : (turns.at(-keep) ?? 0);
  const gone = new Set(
    messages.flatMap((message) => (message.role === "user" ? (message.shrinks ?? []) : [])),
  );
  return messages
    .slice(lastCompaction(messages) + 1, end)
    .flatMap((message) => (message.role === "tool" ? [message] : []))
    .filter(({ callId, text }) => text.length > longResult && !gone.has(callId));
}

function shrink(results: ToolMessage[]): UserMessage {
  return {
    role: "user",
    kind: "shrink",
    shrinks: results.map(({ callId }) => callId),
    text: `From here on ${results.length} long results of calls are sent without most of their text.`,
  };
}

const summaryRequest: UserMessage = {
  role: "user",
  kind: "summarise",
  text: `This conversation has nearly reached the length that it may have. What was said in it will be left out now, and a summary that you write takes its place; your task and what people told you stay as they are. Call no tool in this turn. Write down what you need to go on: what you found out, with files, names and causes; what you changed, and how; what was run, and how it came out; what did not work; and what is left to do. Copy your open to-dos word for word, as lines that begin with \`- [ ]\`.`,
};

/** The message that takes the place of what was said before, when the model's last turn was to sum it up. */
export function summaryIn(messages: readonly Message[]): UserMessage | undefined {
  const last = messages.at(-1);
  if (last?.role !== "assistant" || !wasAskedFor("summarise", messages, messages.length - 1))
    return undefined;
  const summary = last.text.trim() || `(You wrote none. Your last calls were:\n${callList(messages)})`;
  const forgotten = openTodos(messages).filter((todo) => !summary.includes(todo));
  return {
    role: "user",
    kind: "compaction",
    text: [
      "What was said here is left out to save room. You summed it up like this:",
      fenced("summary", summary),
      forgotten.length > 0 && `Your open to-dos were also:\n${forgotten.join("\n")}`,
      "Results of calls are gone: make a call again where you need one. Go on with your task.",
    ]
      .filter(Boolean)
      .join("\n\n"),
  };
}

/** The open lines of the last list of to-dos that the agent wrote. */
function openTodos(messages: readonly Message[]): string[] {
  for (let at = messages.length - 2; at >= 0; at--) {
    const message = messages[at];
    const isList =
      message?.role === "assistant" || (message?.role === "user" && message.kind === "compaction");
    const lines = isList ? message.text.split("\n").filter((line) => /^\s*[-*] \[[ xX]\] /.test(line)) : [];
    if (lines.length > 0) return lines.filter((line) => /\[ \]/.test(line)).map((line) => line.trim());
  }
  return [];
}

function callList(messages: readonly Message[]): string {
  return messages
    .flatMap((message) => (message.role === "assistant" ? message.calls : []))
    .slice(-30)
    .map(({ name, input }) => `- ${name} ${JSON.stringify(input).slice(0, 150).toWellFormed()}`)
    .join("\n");
}
