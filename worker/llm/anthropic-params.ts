import type Anthropic from "@anthropic-ai/sdk";
import type { Message } from "./model.ts";
import { type Speaker, saidBy, type Turn, turnsFor } from "./turns.ts";

type Content = Anthropic.ContentBlockParam;
type Param = { role: "user" | "assistant"; content: Content[] };

/**
 * Neighbours of the same role become one message, as the API wants all results of a turn together. It refuses empty
 * messages and blank texts, also those that it sent itself.
 */
export function toParams(messages: readonly Message[], speaker: Speaker): Param[] {
  const params: Param[] = [];
  let asked: Content | undefined;
  for (const [index, turn] of turnsFor(messages, speaker).entries()) {
    const message = messages[index];
    if (message?.role === "assistant" && saidBy(message.native, speaker))
      asked = params.at(-1)?.content.at(-1);
    const role = turn.role === "assistant" ? "assistant" : "user";
    const content = toContent(turn).filter((block) => block.type !== "text" || block.text.trim() !== "");
    const last = params.at(-1);
    if (last?.role === role) last.content.push(...content);
    if (last?.role !== role && content.length > 0) params.push({ role, content });
  }
  return withBreakpoints(params, [asked, params.at(-1)?.content.at(-1)]);
}

function toContent(turn: Turn): Content[] {
  if (turn.role === "user") return [{ type: "text", text: turn.text }];
  if (turn.role === "tool") {
    return [{ type: "tool_result", tool_use_id: turn.callId, content: turn.text, is_error: turn.isError }];
  }
  if (turn.native) return turn.native as Content[];
  const calls = turn.calls.map(({ id, name, input }): Content => ({ type: "tool_use", id, name, input }));
  return [{ type: "text", text: turn.text }, ...calls];
}

/**
 * Marks where the last request of this model ended, and where this one does. The first is found in the cache although the
 * provider looks back 20 blocks only, and a turn, or those of another provider, may have more. With the one behind the
 * system prompt there are three; four are allowed.
 */
function withBreakpoints(params: Param[], marked: (Content | undefined)[]): Param[] {
  return params.map(({ role, content }) => ({
    role,
    content: content.map((block) =>
      marked.includes(block) ? ({ ...block, cache_control: { type: "ephemeral" } } as Content) : block,
    ),
  }));
}
