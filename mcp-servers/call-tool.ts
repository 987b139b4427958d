// Runs one tool call: is the tool allowed, what came of it, and how a result or an error looks in MCP.
import type { CallToolRequest, CallToolResult } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Capability } from "../shared/capability.ts";
import { messageOf, ToolFailure } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";
import { isMeantForCaller, type Tool, type ToolResult } from "./tool.ts";

/** In a tool's `_meta`: the caller has to send a repository token. */
export const needsRepositoryTokenKey = "afu9/needs-repository-token";
/** In a request's `_meta`: that token. It is never logged. */
export const repositoryTokenKey = "afu9/repository-token";
/** In a failed result's `_meta`: the fault may pass, so the same call may work later. */
export const retryableKey = "afu9/retryable";

type Server<Deps> = { name: string; tools: Tool<Deps>[]; deps: Deps; log: Logger };
type Caller = { capability: Capability; signal: AbortSignal };

export async function callTool<Deps>(
  { name, tools, deps, log }: Server<Deps>,
  params: CallToolRequest["params"],
  { capability, signal }: Caller,
): Promise<CallToolResult> {
  const started = performance.now();
  const callLog = log.child({ tool: `${name}.${params.name}`, execution: capability.execution });
  const finished = (outcome: string) =>
    callLog.info({ outcome, duration_ms: Math.round(performance.now() - started) }, "tool call finished");

  try {
    const tool = allowedTools(name, tools, capability).find((candidate) => candidate.name === params.name);
    if (!tool) throw notAllowed(name, params.name, tools);
    const repositoryToken = tokenFor(tool, params._meta);
    const result = await tool.run(params.arguments, deps, {
      capability,
      signal,
      log: callLog,
      repositoryToken,
    });
    finished("ok");
    return asContent(result);
  } catch (error) {
    if (isMeantForCaller(error)) {
      finished("refused");
      return failed(error.message);
    }
    callLog.error({ error }, "tool call failed");
    return failed(`${params.name} could not be done: ${messageOf(error)}`, { [retryableKey]: true });
  }
}

/** The tools of this server that the capability names. */
export function allowedTools<Deps>(
  server: string,
  tools: Tool<Deps>[],
  capability: Capability,
): Tool<Deps>[] {
  return tools.filter((tool) => capability.tools.includes(`${server}.${tool.name}`));
}

function notAllowed<Deps>(server: string, name: string, tools: Tool<Deps>[]): ToolFailure {
  if (!tools.some((tool) => tool.name === name)) {
    return new ToolFailure(`There is no tool ${name}. tools/list names those that you can call.`);
  }
  return new ToolFailure(`The tool ${server}.${name} is not allowed for this execution.`);
}

function tokenFor<Deps>(tool: Tool<Deps>, meta: Record<string, unknown> | undefined): string | undefined {
  if (!tool.needsRepositoryToken) return undefined;
  const token = z.string().min(1).safeParse(meta?.[repositoryTokenKey]);
  if (token.success) return token.data;
  throw new ToolFailure(
    `${tool.name} needs a token that reads the repository: send it in the request's _meta as "${repositoryTokenKey}".`,
  );
}

function asContent(result: ToolResult): CallToolResult {
  if (typeof result === "string") return { content: [{ type: "text", text: result }] };
  return { content: [{ type: "text", text: JSON.stringify(result) }], structuredContent: { ...result } };
}

function failed(text: string, _meta?: Record<string, unknown>): CallToolResult {
  return { content: [{ type: "text", text }], isError: true, ...(_meta && { _meta }) };
}
