// A stream that is cut at any of its bytes is no reply. Nothing that was read half is taken for one.
import { expect, test } from "@jest/globals";
import type { AssistantMessage, Message } from "./model.ts";
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

/** A server that sends as many bytes as the task says, and the model that asks it. */
async function cutting(api: Api, ending: "break" | undefined) {
  const bytes = Buffer.from(whole[api]);
  const server = await serve((asked) => {
    const body = bytes.subarray(0, Number(asked.match(/"cut at (\d+)"/)?.[1]));
    return {
      headers: { "content-type": "text/event-stream" },
      body,
      ending: body.length ? ending : undefined,
    };
  });
  const model = modelAt(server.url, api);
  return {
    bytes,
    async readAt(length: number) {
      const task: Message = { role: "user", kind: "task", text: `cut at ${length}` };
      const reply = await ask(model, [task]).catch((error: unknown) => error);
      return { prefix: bytes.subarray(0, length).toString(), reply };
    },
    asked: () => server.requests.length,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A stream that ends as if it were whole is the more dangerous one: that is cut everywhere. */
const cuts = [
  { where: "every byte", step: 1, ending: undefined },
  { where: "every seventh byte, by a connection that breaks", step: 7, ending: "break" },
] as const;
const cases = apis.flatMap((api) => cuts.map((cut) => ({ api, ...cut })));

test.each(cases)("$api, cut at $where", async ({ api, step, ending }) => {
  await using cutter = await cutting(api, ending);
  const { bytes, readAt } = cutter;
  const reply = (await readAt(bytes.length)).reply as AssistantMessage;
  expect(reply).toMatchObject({
    text: words.join(""),
    calls: [{ name: "readFile", input: { path: "src/größe.js" } }],
    unusable: undefined,
  });

  const lengths = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) => at * step);
  while (lengths.length > 0) {
    for (const cut of await Promise.all(lengths.splice(0, 50).map(readAt))) {
      if (cut.reply instanceof ModelFault) expect(cut.reply.kind).toBe("cut");
      else expect(cut).toMatchObject({ prefix: expect.stringContaining(ends[api]), reply: said(reply) });
    }
  }
  expect(cutter.asked()).toBe(Math.ceil(bytes.length / step) + 1);
});

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
