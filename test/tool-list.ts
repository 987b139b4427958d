// What holds for every tool of every MCP server, and the server's schemas as a file that a person can read.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { z } from "zod";
import { describeTool } from "../mcp-servers/mcp-server.ts";
import type { Tool } from "../mcp-servers/tool.ts";

/** `schemas` is the file's path. `AFU9_UPDATE_SCHEMAS=1` writes it anew; look at the difference before it is committed. */
export function testToolList<Deps>(tools: Tool<Deps>[], schemas: string): void {
  const described = tools.map(describeTool);

  test("the schemas of all tools are those of the file (AFU9_UPDATE_SCHEMAS=1 writes it anew)", () => {
    const text = `${JSON.stringify(described, undefined, 2)}\n`;
    if (process.env.AFU9_UPDATE_SCHEMAS) writeFileSync(schemas, text);
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(schemas, "utf8")));
  });

  test("every tool has a name of its own, in the form of a verb or a noun", () => {
    const names = tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z0-9]{1,40}$/);
  });

  test.each(tools.map((tool) => [tool.name, tool] as const))(
    "%s is described so that a model understands it",
    (_, tool) => {
      expect(tool.description.length).toBeGreaterThanOrEqual(20);
      expect(tool.description.length).toBeLessThanOrEqual(600);
      expect(["read", "write", "destroy"]).toContain(tool.effect);
      for (const limit of Object.values(tool.limits)) expect(limit).toBeGreaterThan(0);
      expect(tool.limits.timeoutMs).toBeLessThan(3_600_000);
      expect(tool.limits.maxResultCharacters).toBeLessThan(100_000_000);
      const { properties = {} } = z.toJSONSchema(tool.input, { io: "input" });
      for (const [name, schema] of Object.entries(properties)) {
        expect([name, schema]).toEqual([
          name,
          expect.objectContaining({ description: expect.stringMatching(/.{5,}/) }),
        ]);
      }
    },
  );
}
