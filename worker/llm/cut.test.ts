// A stream that is cut at any of its bytes is no reply. Nothing that was read half is taken for one.
import { expect, test } from "@jest/globals";
import type { AssistantMessage } from "./model.ts";
import { ModelFault } from "./model-fault.ts";
import { type Api, apis, ask, modelAt } from "./testing/asked.ts";
import { serve, toStream } from "./testing/serve.ts";
import * as streams from "./testing/streams.ts";

const words = ['{"title": "Größe', ' 🙂"}'];
const path = ['{"path": "src/', 'größe.js"}'];
const whole: Record<Api, string> = {
  anthropic: toStream(
    streams.anthropicReply(
      { stop_reason: "tool_use" },
      streams.thinking("Hm."),
      streams.text(...words),
      streams.call(path),
    ),
  ),
  openai: toStream([
    { type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } },
    { type: "response.output_item.done", output_index: 0, item: streams.said(words.join("")) },
    ...streams.response({}, streams.reasoning, streams.said(words.join("")), streams.called(path.join(""))),
  ]),
  chat: toStream(
    streams.chunks(
      [...words.map((content) => ({ content })), ...streams.chatCall(0, "call_1", "readFile", ...path)],
      "tool_calls",
    ),
  ),
};
/** What a stream holds when the reply in it is whole. */
const ends: Record<Api, string> = {
  anthropic: '{"type":"message_stop"}',
  openai: '"total_tokens":1050}}}',
  chat: '"finish_reason":"tool_calls"}]}',
};

test.each(apis.flatMap((api) => [undefined, "break" as const].map((ending) => ({ api, ending }))))(
  "$api, cut at every byte (the connection ends: $ending)",
  async ({ api, ending }) => {
    const bytes = Buffer.from(whole[api]);
    await using server = await serve((asked) => {
      const body = bytes.subarray(0, Number(asked.match(/^\/(\d+)\//)?.[1]));
      return {
        headers: { "content-type": "text/event-stream" },
        body,
        ending: body.length ? ending : undefined,
      };
    });
    const readAt = async (length: number) => {
      const reply = await ask(modelAt(`${server.url}/${length}`, api)).catch((error: unknown) => error);
      return { prefix: bytes.subarray(0, length).toString(), reply };
    };
    const reply = (await readAt(bytes.length)).reply as AssistantMessage;
    expect(reply).toMatchObject({
      text: words.join(""),
      calls: [{ name: "readFile", input: { path: "src/größe.js" } }],
      unusable: undefined,
    });

    for (let from = 0; from < bytes.length; from += 50) {
      const lengths = Array.from({ length: Math.min(50, bytes.length - from) }, (_, at) => from + at);
      for (const cut of await Promise.all(lengths.map(readAt))) {
        if (cut.reply instanceof ModelFault) expect(cut.reply.kind).toBe("cut");
        else expect(cut).toMatchObject({ prefix: expect.stringContaining(ends[api]), reply: said(reply) });
      }
    }
    expect(server.requests).toHaveLength(bytes.length + 1);
  },
);

/** The figures come behind the end, and may be missing. */
function said({ text, calls, native, unusable }: AssistantMessage) {
  return { text, calls, native, unusable };
}

test("what a cut stream has cost is told, as far as the provider said it", async () => {
  await using server = await serve({
    events: streams.anthropicReply({ stop_reason: "end_turn" }, streams.text("So")).slice(0, 3),
    body: "",
  });
  const fault = await ask(modelAt(server.url, "anthropic")).catch((error: unknown) => error);
  // Ten tokens of input, one of output.
  expect(fault).toMatchObject({ kind: "cut", costUsd: expect.closeTo((10 * 4 + 20) / 1e6, 12) });
});
