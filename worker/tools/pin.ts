// What a third party's server offers is pinned: a tool that becomes another one after people have agreed to it is not used.
import type { Tool } from "@modelcontextprotocol/client";
import { PermanentFault } from "../../shared/errors.ts";
import { sortedHash } from "./audit.ts";
import type { RegisteredServer } from "./registry.ts";

/** A definition as it was accepted, whatever it holds. */
export type AcceptedTool = { name: string; [part: string]: unknown };

/** SHA-256 of the definitions of tools, in whatever order these and their keys come. */
export function digestOf(tools: AcceptedTool[]): string {
  return sortedHash(tools.map(sortedHash).sort());
}

/** The tools of a third party's server that may be called, among all that it offers. */
export function allowedOf({ allowedTools }: Pick<RegisteredServer, "allowedTools">, offered: Tool[]): Tool[] {
  return offered.filter(({ name }) => allowedTools.includes(name));
}

/** Throws a `PermanentFault` when these are not the definitions that were accepted. */
export function checkPinned({ name, toolsDigest, acceptedTools }: RegisteredServer, tools: Tool[]): void {
  if (toolsDigest !== null && digestOf(tools) === toolsDigest) return;
  const changes = changesOf(acceptedTools, tools).join("; ") || "nothing was accepted yet";
  throw new PermanentFault(
    `The MCP server \`${name}\` does not offer the tools that were accepted: ${changes}. ` +
      `Look at them and accept them with \`npm run afu9 -- mcp accept ${name}\`, then retry.`,
  );
}

/** What has become of each tool since, in words: `search` has another description. */
export function changesOf(accepted: AcceptedTool[], offered: AcceptedTool[]): string[] {
  const names = [...new Set([...accepted, ...offered].map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const [before, now] = [accepted, offered].map((list) => list.filter((tool) => tool.name === name));
    if (!before?.length) return [`\`${name}\` is new`];
    if (!now?.length) return [`\`${name}\` is gone`];
    if (now.length !== before.length) return [`\`${name}\` is there ${now.length} times`];
    const parts = changedParts(before[0] ?? {}, now[0] ?? {});
    return parts.length > 0 ? [`\`${name}\` has another ${parts.join(" and another ")}`] : [];
  });
}

function changedParts(before: Record<string, unknown>, now: Record<string, unknown>): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return keys.filter((key) => sortedHash(before[key] ?? null) !== sortedHash(now[key] ?? null));
}
