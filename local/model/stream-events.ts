import type Anthropic from "@anthropic-ai/sdk";

type Event = Anthropic.RawMessageStreamEvent;

/** How many characters a piece of a streamed text has. */
const pieceLength = 48;

/** The events in which the API streams a message. */
export function streamEvents(message: Anthropic.Message): Event[] {
  const { stop_reason, stop_sequence, stop_details, container, usage } = message;
  const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return [
    { type: "message_start", message: start },
    ...message.content.flatMap(blockEvents),
    { type: "message_delta", delta: { stop_reason, stop_sequence, stop_details, container }, usage },
    { type: "message_stop" },
  ];
}

function blockEvents(block: Anthropic.ContentBlock, index: number): Event[] {
  return [
    { type: "content_block_start", index, content_block: emptyOf(block) },
    ...deltasOf(block).map((delta) => ({ type: "content_block_delta" as const, index, delta })),
    { type: "content_block_stop", index },
  ];
}

function emptyOf(block: Anthropic.ContentBlock): Anthropic.ContentBlock {
  if (block.type === "text") return { ...block, text: "" };
  return block.type === "tool_use" ? { ...block, input: {} } : block;
}

function deltasOf(block: Anthropic.ContentBlock): Anthropic.RawContentBlockDelta[] {
  if (block.type === "text") return pieces(block.text).map((text) => ({ type: "text_delta", text }));
  if (block.type !== "tool_use") return [];
  return pieces(JSON.stringify(block.input)).map((partial_json) => ({
    type: "input_json_delta",
    partial_json,
  }));
}

/** By code points: a piece never ends inside a character. */
function pieces(text: string): string[] {
  const characters = [...text];
  const count = Math.ceil(characters.length / pieceLength);
  return Array.from({ length: count }, (_, at) =>
    characters.slice(at * pieceLength, (at + 1) * pieceLength).join(""),
  );
}
