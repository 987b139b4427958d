import { firstFault } from "../first-fault.ts";
import { isSigned } from "./message.ts";
import { type Block, blocksOf, type Message, MessagesRequest } from "./request.ts";

/** Checks a request the way Anthropic does: its shape, and that the conversation makes sense. */
export function checkRequest(body: unknown): { request: MessagesRequest } | { fault: string } {
  const parsed = MessagesRequest.safeParse(body);
  if (!parsed.success) {
    const { path, message, unknown } = firstFault(parsed.error);
    const where = [...path, ...(unknown ? [unknown] : [])].join(".") || "body";
    return { fault: `${where}: ${unknown ? "Extra inputs are not permitted" : message}` };
  }
  const request = parsed.data;
  const fault =
    toolsFault(request) ??
    breakpointsFault(request) ??
    conversationFault(request.messages) ??
    thinkingFault(request);
  return fault ? { fault } : { request };
}

function toolsFault({ tools, messages }: MessagesRequest): string | undefined {
  const names = tools.map((tool) => tool.name);
  if (new Set(names).size < names.length) return "tools: Tool names must be unique.";
  const usesTools = messages
    .flatMap(blocksOf)
    .some(({ type }) => type === "tool_use" || type === "tool_result");
  if (!usesTools || tools.length > 0) return undefined;
  return "Requests which have `tool_use` or `tool_result` blocks in their messages must define tools.";
}

function breakpointsFault(request: MessagesRequest): string | undefined {
  const system = typeof request.system === "string" ? [] : (request.system ?? []);
  const marked = [...request.tools, ...system, ...request.messages.flatMap(blocksOf), request];
  const count = marked.filter((item) => "cache_control" in item && item.cache_control).length;
  if (count <= 4) return undefined;
  return `A maximum of 4 blocks with cache_control may be provided. Found ${count}.`;
}

/** Two turns of one role in a row are allowed, there and here. A call without its result, or the reverse, is not. */
function conversationFault(messages: Message[]): string | undefined {
  if (messages[0]?.role !== "user") return "messages: the first message must use the `user` role";
  if (messages.at(-1)?.role !== "user") {
    return "This model does not support assistant message prefill. The conversation must end with a user message.";
  }
  for (const [index, message] of messages.entries()) {
    const fault = turnFault(message, messages[index - 1]);
    if (fault) return `messages.${index}${fault}`;
  }
  return undefined;
}

function turnFault(message: Message, previous: Message | undefined): string | undefined {
  const calls = idsOf(previous, "assistant", "tool_use");
  const results = idsOf(message, "user", "tool_result");
  const blocks = blocksOf(message);

  const misplaced = blocks.findIndex((block) => block.type === wrongBlock[message.role]);
  if (misplaced >= 0) {
    return `.content.${misplaced}: \`${wrongBlock[message.role]}\` blocks are not allowed in a message of the role \`${message.role}\``;
  }
  const stranger = results.find((id) => !calls.includes(id));
  if (stranger) {
    return `: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stranger}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
  }
  // A result after a text counts as missing: results come first.
  const first = blocks.slice(0, results.length);
  const unanswered = calls.filter((id) => !first.some((block) => isResultOf(block, id)));
  if (unanswered.length > 0) {
    return `: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${unanswered.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
  }
  if (new Set(results).size < results.length) return ": each tool_use must have a single result";
  const own = idsOf(message, "assistant", "tool_use");
  if (new Set(own).size < own.length) return ".content: `tool_use` ids must be unique";
  return undefined;
}

/** Thinking goes back as it came. Where it is switched on, a turn that goes on after tools begins with it. */
function thinkingFault({ messages, thinking }: MessagesRequest): string | undefined {
  for (const [index, message] of messages.entries()) {
    const forged = blocksOf(message).findIndex((block) => block.type === "thinking" && !isSigned(block));
    if (forged >= 0)
      return `messages.${index}.content.${forged}: Invalid \`signature\` in \`thinking\` block`;
  }
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const [first] = messages.slice(last, last + 1).flatMap(blocksOf);
  if (last < 0 || thinking?.type !== "enabled" || !first || /thinking$/.test(first.type)) return undefined;
  return `messages.${last}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`;
}

const wrongBlock = { user: "tool_use", assistant: "tool_result" } as const;

function isResultOf(block: Block, id: string): boolean {
  return block.type === "tool_result" && block.tool_use_id === id;
}

function idsOf(message: Message | undefined, role: Message["role"], type: Block["type"]): string[] {
  if (message?.role !== role) return [];
  return blocksOf(message).flatMap((block) => {
    if (block.type !== type) return [];
    if (block.type === "tool_use") return block.id;
    return block.type === "tool_result" ? block.tool_use_id : [];
  });
}
