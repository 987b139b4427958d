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

process.once("message", async () => {
  const model = new Anthropic({ apiKey: "sk-ant-a-key-of-the-benchmark", baseURL: modelUrl });
  const mcp = new Client({ name: "bare", version: "1.0.0" });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await mcp.connect(new StreamableHTTPClientTransport(new URL(toolsUrl), { requestInit }));
  const { tools } = await mcp.listTools();
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: task }];
  while (true) {
    const reply = await model.messages
      .stream({
        model: "claude-opus-5-5",
        max_tokens: 32_000,
        cache_control: { type: "ephemeral" },
        system,
        tools: tools.map(({ name, description, inputSchema }) => ({
          name,
          description,
          input_schema: inputSchema,
        })),
        messages,
      })
      .finalMessage();
    messages.push({ role: "assistant", content: reply.content });
    const results: Anthropic.ToolResultBlockParam[] = [];
    for (const block of reply.content) {
      if (block.type !== "tool_use") continue;
      const { content } = await mcp.callTool({
        name: block.name,
        arguments: block.input as object as Record<string, unknown>,
      });
      const text = content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
      results.push({ type: "tool_result", tool_use_id: block.id, content: text });
    }
    if (results.length === 0) break;
    messages.push({ role: "user", content: results });
  }
  await mcp.close();
  process.disconnect();
});
process.send?.("ready");
