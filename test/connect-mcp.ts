// A real MCP client for tests, in both of the protocol's eras.
import { type CallToolResult, Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

export type McpCaller = {
  client: Client;
  /** Calls a tool and gives its structured content, or its text. Throws when the result is an error. */
  call<T>(name: string, args?: Record<string, unknown>, meta?: Record<string, unknown>): Promise<T>;
  /** Calls a tool that has to fail, and gives the error's text. */
  refused(name: string, args?: Record<string, unknown>, meta?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
};

export async function connectMcp(url: string, token: string): Promise<McpCaller> {
  const client = new Client({ name: "test", version: "1.0.0" });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));

  async function result(name: string, args: Record<string, unknown> = {}, _meta?: Record<string, unknown>) {
    const params = { name, arguments: args, ...(_meta && { _meta }) };
    return (await client.callTool(params, { timeout: 60_000 })) as CallToolResult;
  }
  return {
    client,
    async call<T>(name: string, args?: Record<string, unknown>, meta?: Record<string, unknown>): Promise<T> {
      const answer = await result(name, args, meta);
      if (answer.isError) throw new Error(`${name} failed: ${textOf(answer)}`);
      return (answer.structuredContent ?? textOf(answer)) as T;
    },
    async refused(name, args, meta) {
      const answer = await result(name, args, meta);
      if (!answer.isError) throw new Error(`${name} should have failed, but gave ${textOf(answer)}`);
      return textOf(answer);
    },
    close: () => client.close(),
  };
}

/** A client of the newest protocol, in which a call is taken back by closing its stream. AFU-9's own is one. */
export async function connectNewest(url: string, token: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  return client;
}

export function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}
