import { expect, test } from "@jest/globals";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { createLogger } from "../shared/logger.ts";
import { capability } from "../test/start-test-server.ts";
import { toolsToTest } from "../test/tools-to-test.ts";
import { mcpServer } from "./mcp-server.ts";
import { createRecorder } from "./record-calls.ts";

test("a capability that ends while its connection stays ends what the connection may do", async () => {
  let hasEnded = false;
  const log = createLogger("test", "silent");
  const deps = { greeting: "Hello", calls: [], started() {} };
  const server = mcpServer(
    { name: "test", tools: toolsToTest, deps, log },
    {
      record: createRecorder("test", log),
      closing: new AbortController().signal,
      async capability() {
        if (hasEnded) throw new Error("The token has expired.");
        return capability;
      },
    },
  );
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "test", version: "1.0.0" });
  await server.connect(ours);
  await client.connect(theirs);
  const greet = () => client.callTool({ name: "greet", arguments: { name: "you" } });

  expect(await greet()).toMatchObject({ structuredContent: { text: "Hello you" } });
  hasEnded = true;
  await expect(greet()).rejects.toThrow("The token has expired.");
  await expect(client.listTools()).rejects.toThrow("The token has expired.");
  await client.close();
});
