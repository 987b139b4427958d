// Streams of the three APIs, event by event, as the providers send them.
import type { Answer } from "./serve.ts";

type Event = NonNullable<Answer["events"]>[number];

/** Anthropic's events of a reply with these blocks, each with its deltas. */
export function anthropicReply(stop: object, ...blocks: { block: object; deltas: object[] }[]): Event[] {
  const usage = { input_tokens: 10, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", content: [], model: "x", usage };
  return [
    { type: "message_start", message },
    ...blocks.flatMap(({ block, deltas }, index) => [
      { type: "content_block_start", index, content_block: block },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: stop, usage: { output_tokens: 20 } },
    { type: "message_stop" },
  ];
}
export const thinking = (thought: string) => ({
  block: { type: "thinking", thinking: "", signature: "" },
  deltas: [
    { type: "thinking_delta", thinking: thought },
    { type: "signature_delta", signature: "c2lnbmVk" },
  ],
});
export const text = (...pieces: string[]) => ({
  block: { type: "text", text: "" },
  deltas: pieces.map((piece) => ({ type: "text_delta", text: piece })),
});
export const call = (json: string[], id = "toolu_1", name = "readFile") => ({
  block: { type: "tool_use", id, name, input: {} },
  deltas: json.map((piece) => ({ type: "input_json_delta", partial_json: piece })),
});

/** OpenAI's last event, which has the whole response. */
export function response(more: object, ...output: object[]): Event[] {
  const usage = {
    input_tokens: 1000,
    input_tokens_details: { cached_tokens: 600, cache_write_tokens: 300 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 1050,
  };
  const whole = { id: "resp_1", object: "response", status: "completed", output, usage, ...more };
  return [{ type: "response.completed", response: whole }];
}
export const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" };
export const said = (words: string) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: words, annotations: [] }],
});
export const called = (json: string, id = "call_1", name = "readFile") => ({
  type: "function_call",
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: json,
  status: "completed",
});

/** The chunks of a chat completion: its deltas, how it finished, what it cost. */
export function chunks(deltas: object[], finish: string | null, usage: object | null = chatUsage): Event[] {
  const choice = (delta: object, finish_reason: string | null = null) => [{ index: 0, delta, finish_reason }];
  return [
    { choices: choice({ role: "assistant", content: "" }) },
    ...deltas.map((delta) => ({ choices: choice(delta) })),
    ...(finish ? [{ choices: choice({}, finish) }] : []),
    ...(usage ? [{ choices: [], usage }] : []),
  ];
}
export const chatUsage = {
  prompt_tokens: 1000,
  completion_tokens: 50,
  total_tokens: 1050,
  prompt_tokens_details: { cached_tokens: 600 },
};
export const chatCall = (index: number, id: string | undefined, name: string, ...json: string[]) =>
  json.map((piece, at) => ({
    tool_calls: [
      {
        index,
        ...(at === 0 && { id, type: "function" }),
        function: { ...(at === 0 && { name }), arguments: piece },
      },
    ],
  }));
