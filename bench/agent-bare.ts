// The least that makes the same turns: both SDKs and a list of messages. `node agent-bare.ts SETTINGS`
import Anthropic from "@anthropic-ai/sdk";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";

const Settings = z.object({
  modelUrl: z.string(),
  toolsUrl: z.string(),
  token: z.string(),
  system: z.string(),
  task: z.string(),
});
const { modelUrl, toolsUrl, token, system, task } = Settings.parse(JSON.parse(process.argv[2] ?? ""));

const model = new Anthropic({ apiKey: "sk-ant-a-key-of-the-benchmark", baseURL: modelUrl });
const mcp = new Client({ name: "bare", version: "1.0.0" });
const requestInit = { headers: { authorization: `Bearer ${token}` } };
await mcp.connect(new StreamableHTTPClientTransport(new URL(toolsUrl), { requestInit }));
const tools = (await mcp.listTools()).tools.map(({ name, description, inputSchema }) => ({
  ...{ name, description, input_schema: inputSchema },
}));

/** Has the conversation once at each message, until it is told to end. */
process.on("message", async (message) => {
  if (message !== "end") {
    await converse();
    return process.send?.("done");
  }
  await mcp.close();
  process.disconnect();
});
process.send?.("ready");

async function converse(): Promise<void> {
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: task }];
  while (true) {
    const request = { model: "claude-opus-5-5", max_tokens: 32_000, system, tools, messages };
    const cache_control = { type: "ephemeral" } as const;
    const reply = await model.messages.stream({ ...request, cache_control }).finalMessage();
    messages.push({ role: "assistant", content: reply.content });
    const calls = reply.content.filter((block) => block.type === "tool_use");
    if (calls.length === 0) return;
    const results: Anthropic.ToolResultBlockParam[] = [];
    for (const { id, name, input } of calls) {
      const { content } = await mcp.callTool({ name, arguments: { ...(input as object) } });
      const text = content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
      results.push({ type: "tool_result", tool_use_id: id, content: text });
    }
    messages.push({ role: "user", content: results });
  }
}
