// A turn in its row says each thing once. The provider's own form of it repeats the text and the arguments of the calls:
// there it points to them, so that a transcript is hardly larger in the database than on the wire.
import { isDeepStrictEqual } from "node:util";
import type { AssistantMessage, Message, ToolCallRequest } from "../llm/model.ts";

/** What is shorter is not worth pointing to. */
const shortest = 40;

/** A part of the text, from and to; the input of a call; and that as JSON, with its keys in this order. */
type Pointer = { $text: [number, number] } | { $input: number } | { $json: number; keys: string[] };

/** The message as a row keeps it. */
export function toKept(message: Message): Message {
  if (message.role !== "assistant") return message;
  const point = (value: unknown) => pointerTo(value, message);
  return withContent(message, mapped(message.native.content, point));
}

/** The message of a row. */
export function fromKept(row: Message): Message {
  if (row.role !== "assistant") return row;
  const find = (value: unknown) => (isPointer(value) ? { found: follow(value, row) } : undefined);
  return withContent(row, mapped(row.native.content, find));
}

function withContent(message: AssistantMessage, content: unknown): AssistantMessage {
  return { ...message, native: { ...message.native, content } };
}

type Found = { found: unknown } | undefined;

/** Replaces what is found, from the outside in. What was found is not looked into: a model may have written anything there. */
function mapped(value: unknown, find: (value: unknown) => Found): unknown {
  const known = find(value);
  if (known) return known.found;
  if (Array.isArray(value)) return value.map((item) => mapped(item, find));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, find)]));
}

function pointerTo(value: unknown, { text, calls }: AssistantMessage): Found {
  if (typeof value === "string") {
    if (value.length < shortest) return undefined;
    const at = text.indexOf(value);
    if (at >= 0) return { found: { $text: [at, at + value.length] } satisfies Pointer };
    const $json = calls.findIndex(({ input }) => isFlat(input) && JSON.stringify(input) === value);
    const keys = Object.keys(calls[$json]?.input ?? {});
    return $json < 0 ? undefined : { found: { $json, keys } satisfies Pointer };
  }
  const $input = isPlain(value) ? calls.findIndex(({ input }) => isDeepStrictEqual(input, value)) : -1;
  return $input < 0 ? undefined : { found: { $input } satisfies Pointer };
}

function follow(pointer: Pointer, { text, calls }: AssistantMessage): unknown {
  if ("$text" in pointer) return text.slice(...pointer.$text);
  if ("$input" in pointer) return calls[pointer.$input]?.input;
  const { input = {} }: Partial<ToolCallRequest> = calls[pointer.$json] ?? {};
  return JSON.stringify(Object.fromEntries(pointer.keys.map((key) => [key, input[key]])));
}

/** All that looks like one is one: what a model wrote is behind one itself. */
function isPointer(value: unknown): value is Pointer {
  if (value === null || typeof value !== "object") return false;
  return "$text" in value || "$input" in value || "$json" in value;
}

function isPlain(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** PostgreSQL orders the keys of objects in its own way: only those on top are put back into theirs. */
function isFlat(input: Record<string, unknown>): boolean {
  return Object.values(input).every((value) => value === null || typeof value !== "object");
}
