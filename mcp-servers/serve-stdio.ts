// Serves a list of tools over standard input and output, to the holder of one capability. Standard output carries MCP alone.
import { StdioServerTransport, serveStdio as serveMcp } from "@modelcontextprotocol/server/stdio";
import { type Capability, verifyCapability } from "../shared/capability.ts";
import { type Definition, maxMessageBytes, mcpServer } from "./mcp-server.ts";
import { createRecorder } from "./record-calls.ts";

type StdioOptions<Deps> = Definition<Deps> & {
  token: string;
  /** The capability has to be signed with one of these. */
  secrets: string[];
};

/** Throws when the token is not valid. */
export async function serveStdio<Deps>({ token, secrets, ...definition }: StdioOptions<Deps>) {
  const { name, log } = definition;
  const closing = new AbortController();
  const record = createRecorder(name, log);

  async function capability(): Promise<Capability> {
    const valid = await verifyCapability(token, secrets);
    if (valid) return valid;
    throw new Error(
      "AFU9_MCP_TOKEN is not valid: it has expired, or another AFU9_MCP_SECRET signed it. " +
        "`npm run afu9 -- mcp token` makes a new one; then start the server again.",
    );
  }

  await capability();
  const handle = serveMcp(() => mcpServer(definition, { record, capability, closing: closing.signal }), {
    transport: new StdioServerTransport(undefined, undefined, { maxBufferSize: maxMessageBytes }),
    onerror: (error) => log.warn({ error: error.message }, "message not served"),
  });
  log.info("serving standard input and output");

  async function close(): Promise<void> {
    closing.abort(new Error(`The MCP server ${name} is closing.`));
    await handle.close();
  }
  return { url: "stdio:", close };
}
