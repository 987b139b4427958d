// Names the place in our own code that waits for an answer from outside.
const root = new URL("../../", import.meta.url).href;
const ownFrame = /(?:app|worker|shared)\/[\w./-]+\.ts:\d+/;
const deepest = 60;

/**
 * The innermost frame of ours and the one that called it, `worker/engine/journal.ts:42 < worker/engine/journal.ts:58`,
 * also across `await`. Undefined when none of ours is on the stack.
 */
export function callSite(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = deepest;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = limit;
  const frames = stack.split("\n").flatMap((line) => {
    const at = line.indexOf(root);
    return at < 0 ? [] : (line.slice(at + root.length).match(ownFrame)?.[0] ?? []);
  });
  return frames.length > 0 ? frames.slice(0, 2).join(" < ") : undefined;
}

/** A request without what differs from one execution to the next: `PATCH /repos/acme/sample/issues/comments/#`. */
export function requestName(method: string, url: string, body: unknown): string {
  const call = toolCall(body);
  if (call) return call;
  const path = new URL(url).pathname.replace(/[0-9a-f]{7,}|\d+/g, "#");
  return `${method} ${path.replace(/afu9%2F[^/]*/i, "#")}`;
}

/** The name of the tool in a call over MCP, or the other method. */
function toolCall(body: unknown): string | undefined {
  if (typeof body !== "string") return undefined;
  const [, method] =
    body.match(/"jsonrpc":"2\.0".*?"method":"([\w/]+)"/) ??
    body.match(/"method":"([\w/]+)".*?"jsonrpc":"2\.0"/) ??
    [];
  if (!method) return undefined;
  const [, name] = method === "tools/call" ? (body.match(/"name":"(\w+)"/) ?? []) : [];
  return name ? `${method} ${name}` : method;
}

const tables =
  /workflow_executions|workflow_steps|agent_runs|agent_messages|mcp_tool_calls|webhook_deliveries|repositories|workflows/;

/** A statement on our tables by its beginning, for callers whose frames are lost in a library. */
export function statementName(sql: string): string | undefined {
  const table = sql.match(tables)?.[0];
  return table && `${sql.trim().split(/\s/)[0]} ${table}`;
}
