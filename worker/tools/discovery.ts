import type { Tool } from "@modelcontextprotocol/client";

export type Discovery = {
  /** Gives a list as it was asked for lately on the same connection, or asks for it. */
  tools(wanted: { key: string; generation(): number }, ask: () => Promise<Tool[]>): Promise<Tool[]>;
};

/** Remembers what a server offers, until it may have changed: for a minute, and while the connection is the same. */
export function createDiscovery(maxAgeMs = 60_000): Discovery {
  const lists = new Map<string, { tools: Tool[]; generation: number; askedAt: number }>();
  return {
    async tools({ key, generation }, ask) {
      const known = lists.get(key);
      const isFresh = known?.generation === generation() && performance.now() - known.askedAt < maxAgeMs;
      if (known && isFresh) return known.tools;
      const askedAt = performance.now();
      const asked = await ask();
      // The same definitions stay the same objects: the client compiles the schemas of each object anew, and keeps them.
      const tools = known && JSON.stringify(known.tools) === JSON.stringify(asked) ? known.tools : asked;
      lists.set(key, { tools, generation: generation(), askedAt });
      return tools;
    },
  };
}
