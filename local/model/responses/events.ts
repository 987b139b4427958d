import { piecesOf } from "../spell-out.ts";
import type { OutputItem, responseOf } from "./response.ts";

export type Event = { type: string; [key: string]: unknown };
type Response = ReturnType<typeof responseOf>;

/** The events in which the API streams a response. */
export function eventsOf(response: Response): Event[] {
  const begun = { ...response, status: "in_progress", output: [], usage: null, incomplete_details: null };
  const items = response.output as OutputItem[];
  const events: Event[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items.flatMap(itemEvents),
    { type: response.status === "incomplete" ? "response.incomplete" : "response.completed", response },
  ];
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function itemEvents(item: OutputItem, output_index: number): Event[] {
  const at = { item_id: item.id, output_index };
  return [
    { type: "response.output_item.added", output_index, item: emptyOf(item) },
    ...(item.type === "message" ? item.content.flatMap((part, index) => partEvents(part, index, at)) : []),
    ...(item.type === "function_call" ? argumentEvents(item.arguments, at) : []),
    { type: "response.output_item.done", output_index, item },
  ];
}

type Part = Extract<OutputItem, { type: "message" }>["content"][number];
type At = { item_id?: string; output_index: number };

function partEvents(part: Part, content_index: number, at: At): Event[] {
  const where = { ...at, content_index };
  const [kind, text] = part.type === "refusal" ? ["refusal", part.refusal] : ["output_text", part.text];
  const empty = part.type === "refusal" ? { ...part, refusal: "" } : { ...part, text: "" };
  return [
    { type: "response.content_part.added", ...where, part: empty },
    ...piecesOf(text).map((delta) => ({ type: `response.${kind}.delta`, ...where, delta, logprobs: [] })),
    {
      type: `response.${kind}.done`,
      ...where,
      [kind === "refusal" ? "refusal" : "text"]: text,
      logprobs: [],
    },
    { type: "response.content_part.done", ...where, part },
  ];
}

function argumentEvents(written: string, at: At): Event[] {
  return [
    ...piecesOf(written).map((delta) => ({ type: "response.function_call_arguments.delta", ...at, delta })),
    { type: "response.function_call_arguments.done", ...at, arguments: written },
  ];
}

function emptyOf(item: OutputItem): object {
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  return item.type === "function_call" ? { ...item, status: "in_progress", arguments: "" } : item;
}
