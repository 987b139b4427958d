// The events of a streamed message, put together. The SDK's own helper gives up a whole turn when a call's arguments are
// no JSON, and forgets what a broken stream has cost: here the first goes back to the model, the second is counted.
import type Anthropic from "@anthropic-ai/sdk";

type Block = { block: Anthropic.ContentBlock /** A call's arguments as they came. */; json: string };
type Usage = { [key in keyof Anthropic.MessageDeltaUsage]?: Anthropic.MessageDeltaUsage[key] };
export type Said = {
  content: Block[];
  /** As far as it has been said. Later figures take the place of earlier ones. */
  usage: Usage;
  stop: Anthropic.RawMessageDeltaEvent["delta"];
};

const windowIsFull = "the model stopped in the middle of its reply: model_context_window_exceeded";

/** Reads the events into `said`. Throws when they do not come to their end, or the window was full before. */
export async function readMessage(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  said: Partial<Said>,
): Promise<void> {
  const blocks = new Map<number, Block>();
  let open = 0;
  let isWhole = false;
  try {
    for await (const event of events) {
      if (event.type === "message_start") said.usage = { ...event.message.usage };
      if (event.type === "content_block_start") {
        blocks.set(event.index, { block: { ...event.content_block }, json: "" });
        open++;
      }
      if (event.type === "content_block_delta") add(event.delta, blocks.get(event.index));
      if (event.type === "content_block_stop") open--;
      if (event.type === "message_delta") {
        said.stop = event.delta;
        said.usage = { ...said.usage, ...given(event.usage) };
      }
      if (event.type === "message_stop") isWhole = open === 0 && Boolean(said.stop?.stop_reason);
    }
  } catch (error) {
    // What breaks off behind the end of the reply is not missed.
    if (!isWhole) throw error;
  }
  if (!isWhole) throw new Error("the stream ended before the reply did");
  if (said.stop?.stop_reason === "model_context_window_exceeded") throw new Error(windowIsFull);
  said.content = [...blocks.values()];
}

function add(delta: Anthropic.RawContentBlockDelta, to: Block | undefined): void {
  const block = to?.block;
  if (!to || !block) throw new Error("the stream has a piece of a block that it did not begin");
  if (delta.type === "text_delta" && block.type === "text") block.text += delta.text;
  if (delta.type === "thinking_delta" && block.type === "thinking") block.thinking += delta.thinking;
  if (delta.type === "signature_delta" && block.type === "thinking") block.signature = delta.signature;
  if (delta.type === "input_json_delta") to.json += delta.partial_json;
}

/** Counters that do not apply are left out or null, and leave those of the beginning as they are. */
function given(usage: Anthropic.MessageDeltaUsage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null));
}
