import type { Refused } from "../api.ts";
import { repeatedName, shapeFault } from "../openai-shape.ts";
import { type Item, itemsOf, ResponsesRequest } from "./request.ts";
import { encryptedFor, reasoningOf } from "./response.ts";

/** Checks a request the way OpenAI does: its shape, and that the conversation makes sense. */
export function checkRequest(body: unknown): { request: ResponsesRequest } | Refused {
  const parsed = ResponsesRequest.safeParse(body);
  if (!parsed.success) return shapeFault(parsed.error);
  const request = parsed.data;
  const items = itemsOf(request);
  const fault =
    emptyFault(request, items) ??
    repeatedName(request.tools.map(({ name }) => name)) ??
    pairsFault(items) ??
    repeatedItem(items) ??
    reasoningFault(items, request);
  return fault ?? { request };
}

function emptyFault(
  { previous_response_id: previous }: ResponsesRequest,
  items: Item[],
): Refused | undefined {
  const param = "previous_response_id";
  if (previous) {
    const fault = `Previous response with id '${previous}' not found.`;
    return { fault, param, code: "previous_response_not_found" };
  }
  return items.length > 0 ? undefined : { fault: "Missing required parameter: 'input'.", param: "input" };
}

/** A call has its output somewhere after it, and an output its call before. */
function pairsFault(items: Item[]): Refused | undefined {
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const item of items) {
    if ("role" in item) continue;
    if (item.type === "function_call") {
      open.add(item.call_id);
      seen.add(item.call_id);
    }
    if (item.type !== "function_call_output") continue;
    if (!seen.has(item.call_id)) {
      return {
        fault: `No tool call found for function call output with call_id ${item.call_id}.`,
        param: "input",
      };
    }
    open.delete(item.call_id);
  }
  const [left] = open;
  return left === undefined
    ? undefined
    : { fault: `No tool output found for function call ${left}.`, param: "input" };
}

function repeatedItem(items: Item[]): Refused | undefined {
  const ids = items.flatMap((item) => ("id" in item && item.id ? [item.id] : []));
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  return twice === undefined
    ? undefined
    : {
        fault: `Duplicate item found with id ${twice}. Remove duplicate items from your input and try again.`,
        param: "input",
      };
}

/** Nothing is kept here: what the model thought has to come along, unchanged, before what it led to. */
function reasoningFault(items: Item[], { store }: ResponsesRequest): Refused | undefined {
  const known = new Set(items.flatMap((item) => ("id" in item && item.id ? [item.id] : [])));
  for (const item of items) {
    if (!("id" in item) || !item.id) continue;
    if ("type" in item && item.type === "reasoning") {
      if (!item.encrypted_content) {
        const why = store === false ? " Items are not persisted when `store` is set to false." : "";
        return { fault: `Item with id '${item.id}' not found.${why}`, param: "input" };
      }
      if (item.encrypted_content === encryptedFor(item.id)) continue;
      const fault = `The encrypted content for item ${item.id} could not be verified.`;
      return { fault, code: "invalid_encrypted_content" };
    }
    const needed = reasoningOf(item.id);
    if (!needed || known.has(needed)) continue;
    const kind = "type" in item ? item.type : "message";
    return {
      fault: `Item '${item.id}' of type '${kind}' was provided without its required 'reasoning' item: '${needed}'.`,
      param: "input",
    };
  }
  return undefined;
}
