// Runs one tool call: is the tool allowed, what came of it, and how a result or an error looks in MCP.
import type { CallToolRequest, CallToolResult, Notification } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Capability } from "../shared/capability.ts";
import { Busy, messageOf, ToolFailure } from "../shared/errors.ts";
import { repositoryTokenKey, retryAfterKey, retryableKey } from "../shared/mcp-meta.ts";
import { TimeIsUp, withinSize, withinTime } from "./limits.ts";
import { createProgress } from "./progress.ts";
import type { Outcome, RecordCall } from "./record-calls.ts";
import { BrokenPromise, isMeantForCaller, type Tool, type ToolResult } from "./tool.ts";

type Server<Deps> = { name: string; tools: Tool<Deps>[]; deps: Deps; record: RecordCall };
type Caller = {
  capability: Capability;
  signal: AbortSignal;
  notify(notification: Notification): Promise<void>;
};

export async function callTool<Deps>(
  { name, tools, deps, record }: Server<Deps>,
  params: CallToolRequest["params"],
  { capability, signal, notify }: Caller,
): Promise<CallToolResult> {
  const meta = params._meta;
  const tool = tools.find((candidate) => candidate.name === params.name);
  const { log, within, ended } = record({ tool: tool?.name, capability, meta });
  const { progress, sent } = createProgress({ token: meta?.progressToken, notify, log });
  try {
    if (!tool)
      throw new ToolFailure(`There is no tool ${params.name}. tools/list names those that you can call.`);
    if (!isAllowed(name, tool, capability))
      throw new ToolFailure(`The tool ${name}.${tool.name} is not allowed for this execution.`);
    const call = { capability, log, progress, repositoryToken: tokenFor(tool, meta) };
    const result = await within(() =>
      withinTime(tool.limits.timeoutMs, signal, (signal) =>
        tool.run(params.arguments, deps, { ...call, signal }),
      ),
    );
    const answer = asContent(tool, result);
    await sent();
    ended("ok");
    return answer;
  } catch (error) {
    const { outcome, ...answer } = failure(tool, params.name, error);
    ended(outcome, error);
    return answer;
  }
}

/** The tools of this server that the capability names. */
export function allowedTools<Deps>(
  server: string,
  tools: Tool<Deps>[],
  capability: Capability,
): Tool<Deps>[] {
  return tools.filter((tool) => isAllowed(server, tool, capability));
}

function isAllowed<Deps>(server: string, tool: Tool<Deps>, capability: Capability): boolean {
  return capability.tools.includes(`${server}.${tool.name}`);
}

function tokenFor<Deps>(tool: Tool<Deps>, meta: Record<string, unknown> | undefined): string | undefined {
  if (!tool.needsRepositoryToken) return undefined;
  const token = z.string().min(1).safeParse(meta?.[repositoryTokenKey]);
  if (token.success) return token.data;
  throw new ToolFailure(
    `${tool.name} needs a token that reads the repository: send it in the request's _meta as "${repositoryTokenKey}".`,
  );
}

/** A text that is too long loses its end. An object with a part missing would be another object: it is refused. */
function asContent<Deps>(tool: Tool<Deps>, result: ToolResult): CallToolResult {
  const max = tool.limits.maxResultCharacters;
  if (typeof result === "string") return { content: [{ type: "text", text: withinSize(result, max) }] };
  const text = JSON.stringify(result);
  if (text.length <= max) return { content: [{ type: "text", text }], structuredContent: { ...result } };
  const done = tool.effect === "read" ? "" : `${tool.name} was done. `;
  throw new ToolFailure(
    `${done}The result of ${tool.name} has ${text.length} characters, and at most ${max} are given. Ask for less at once.`,
  );
}

function failure<Deps>(
  tool: Tool<Deps> | undefined,
  name: string,
  error: unknown,
): CallToolResult & { outcome: Outcome } {
  if (isMeantForCaller(error)) return { outcome: "refused", ...failed(error.message) };
  const afterwards = tool ? whatNow(tool) : "";
  if (error instanceof TimeIsUp)
    return { outcome: "timed out", ...failed(`${name} was ended: ${error.message}.${afterwards}`, mayPass) };
  if (error instanceof BrokenPromise) {
    const defect =
      "its result is not what it promises. That is a defect of the server, and its log says more.";
    return { outcome: "broken", ...failed(`${name} could not be done: ${defect}${afterwards}`) };
  }
  const until = error instanceof Busy ? { [retryAfterKey]: error.waitSeconds } : {};
  return {
    outcome: "failed",
    ...failed(`${name} could not be done: ${messageOf(error)}`, { ...mayPass, ...until }),
  };
}

const mayPass = { [retryableKey]: true };

/** A call that ended early may have made its change. */
function whatNow({ effect, idempotent }: Pick<Tool<unknown>, "effect" | "idempotent">): string {
  if (effect === "read") return "";
  const advice = idempotent ? "calling it again does no harm" : "look before you call it again";
  return ` It may have been done all the same: ${advice}.`;
}

function failed(text: string, _meta?: Record<string, unknown>): CallToolResult {
  return { content: [{ type: "text", text }], isError: true, ...(_meta && { _meta }) };
}
