import type OpenAI from "openai";

type Chunk = OpenAI.ChatCompletionChunk;
type Delta = Chunk["choices"][number]["delta"] & { reasoning_content?: string | null };
type Call = { id: string; name: string; arguments: string };

export type ChatSaid = {
  text: string;
  /** What the model thought, where a server shows it. */
  reasoning: string;
  refusal: string;
  calls: Call[];
  finish: string;
  usage?: OpenAI.CompletionUsage;
};

/**
 * Puts the chunks of a streamed completion together. Throws when none says how it finished. The figures come last, and
 * not from every server: a reply without them is whole.
 */
export async function readChunks(chunks: AsyncIterable<Chunk>): Promise<ChatSaid> {
  const said: ChatSaid = { text: "", reasoning: "", refusal: "", calls: [], finish: "" };
  const open = new Map<number, Call>();
  try {
    for await (const { choices, usage } of chunks) {
      said.usage = usage ?? said.usage;
      const [choice] = choices ?? [];
      if (choice?.delta) add(choice.delta, said, open);
      said.finish = choice?.finish_reason ?? said.finish;
    }
  } catch (error) {
    // What breaks off behind the end of the reply is not missed.
    if (!said.finish) throw error;
  }
  if (!said.finish) throw new Error("the stream ended before the reply did");
  return said;
}

function add(delta: Delta, said: ChatSaid, open: Map<number, Call>): void {
  said.text += delta.content ?? "";
  said.refusal += delta.refusal ?? "";
  said.reasoning += delta.reasoning_content ?? "";
  for (const { index, id, function: called } of delta.tool_calls ?? []) {
    let call = open.get(index);
    // Some servers give every call the index 0, and tell them apart by their ids.
    if (!call || (id && call.id && id !== call.id)) {
      call = { id: "", name: "", arguments: "" };
      said.calls.push(call);
      open.set(index, call);
    }
    call.id ||= id ?? "";
    call.name ||= called?.name ?? "";
    call.arguments += called?.arguments ?? "";
  }
}
