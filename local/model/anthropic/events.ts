import type Anthropic from "@anthropic-ai/sdk";
import { piecesOf } from "../spell-out.ts";

type Event = Anthropic.RawMessageStreamEvent;

/** The events in which the API streams a message. `written` has the arguments of its calls, as the model wrote them. */
export function eventsOf(message: Anthropic.Message, written: string[]): Event[] {
  const { stop_reason, stop_sequence, stop_details, container, usage } = message;
  const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  const left = [...written];
  return [
    { type: "message_start", message: start },
    ...message.content.flatMap((block, index) =>
      blockEvents(block, index, block.type === "tool_use" ? (left.shift() ?? "") : ""),
    ),
    { type: "message_delta", delta: { stop_reason, stop_sequence, stop_details, container }, usage },
    { type: "message_stop" },
  ];
}

function blockEvents(block: Anthropic.ContentBlock, index: number, written: string): Event[] {
  return [
    { type: "content_block_start", index, content_block: emptyOf(block) },
    ...deltasOf(block, written).map((delta) => ({ type: "content_block_delta" as const, index, delta })),
    { type: "content_block_stop", index },
  ];
}

function emptyOf(block: Anthropic.ContentBlock): Anthropic.ContentBlock {
  if (block.type === "text") return { ...block, text: "" };
  if (block.type === "thinking") return { ...block, thinking: "", signature: "" };
  return block.type === "tool_use" ? { ...block, input: {} } : block;
}

function deltasOf(block: Anthropic.ContentBlock, written: string): Anthropic.RawContentBlockDelta[] {
  if (block.type === "text") return piecesOf(block.text).map((text) => ({ type: "text_delta", text }));
  if (block.type === "tool_use")
    return piecesOf(written).map((partial_json) => ({ type: "input_json_delta", partial_json }));
  if (block.type !== "thinking") return [];
  const { thinking, signature } = block;
  return [
    { type: "thinking_delta", thinking },
    { type: "signature_delta", signature },
  ];
}
