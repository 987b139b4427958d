// A toolbox is what one step may call: it holds a capability for just these tools, and writes every call down.
import type { CallToolResult, Tool } from "@modelcontextprotocol/client";
import { signCapability } from "../../shared/capability.ts";
import { messageOf, PermanentFault } from "../../shared/errors.ts";
import {
  needsRepositoryTokenKey,
  repositoryTokenKey,
  retryAfterKey,
  retryableKey,
} from "../../shared/mcp-meta.ts";
import type { Redact } from "../../shared/redact.ts";
import type { Trigger } from "../../shared/trigger.ts";
import type { ToolSpec } from "../llm/model.ts";
import type { Audit } from "./audit.ts";
import type { Caller } from "./mcp-server.ts";
import type { McpServers } from "./mcp-servers.ts";
import { outgoing } from "./outgoing.ts";
import type { RegisteredServer, Registry } from "./registry.ts";

/** What a tool answered: its text, and its structured content where it has one. */
export type ToolAnswer = {
  text: string;
  data?: Record<string, unknown>;
  isError: boolean;
  /** Of an error: the same call may work later. */
  mayPass: boolean;
  /** Of such an error, where it is known: how long it lasts. */
  waitSeconds?: number;
  durationMs: number;
};
export type ToolCall = { tool: string; input: Record<string, unknown>; signal: AbortSignal };

export type Toolbox = {
  /** The tools as a model sees them, by their plain names. */
  specs(): Promise<ToolSpec[]>;
  /** Whether a tool only looks, by its own word. */
  isReadOnly(tool: string): Promise<boolean>;
  /** The full name, `workspace.readFile`, for a plain one. A name that is not in the toolbox stays as it is. */
  fullName(name: string): string;
  /** Makes a call. A tool that fails answers with `isError`; a server that can't be reached throws. */
  call(call: ToolCall): Promise<ToolAnswer>;
};
export type OpenToolbox = (step: { stepId: string; tools: string[] }) => Promise<Toolbox>;

export type ToolboxDeps = {
  execution: { id: string; trigger: Trigger };
  registry: Registry;
  mcp: McpServers;
  secret: string;
  audit: Pick<Audit, "record">;
  /** Takes secrets out of what leaves for a server. */
  redact: Redact;
  /** Makes a token that reads the execution's repository, for the tool that asks for one. */
  mintReadToken(): Promise<string>;
};

/** A capability outlasts the longest step. */
const capabilitySeconds = 6 * 3600;

/** What a step may call for itself besides: a model is not told of them, and can't call them. Each has a capability of its own. */
const background = ["workspace.describeRepository", "github.getFile"];

/** Only AFU-9's own checkout is given one. */
const mayGetToken = ["workspace.openWorkspace"];

/** A tool that is in the box: its full name, its server, and how the server describes it. */
type Offered = { name: string; server: RegisteredServer; caller: Caller; tool: Tool };

export function createToolboxes(deps: ToolboxDeps): OpenToolbox {
  return async ({ stepId, tools }) => {
    const token = await capabilityFor(deps, tools);
    let known: Promise<Offered[]> | undefined;
    const offered = () => (known ??= discover(deps, tools, token));
    const find = async (name: string) => {
      const found = (await offered()).find((one) => one.name === name);
      if (found) return found;
      const [own] = background.includes(name)
        ? await discover(deps, [name], await capabilityFor(deps, [name]))
        : [];
      if (own) return own;
      throw new PermanentFault(`The tool ${name} is not one that this step may call.`);
    };

    return {
      async specs() {
        return (await offered()).map(({ tool }) => ({
          name: tool.name,
          description: tool.description ?? "",
          inputSchema: tool.inputSchema,
        }));
      },
      isReadOnly: async (name) => (await find(name)).tool.annotations?.readOnlyHint === true,
      fullName: (name) => tools.find((tool) => tool.endsWith(`.${name}`)) ?? name,
      async call({ tool: name, input: given, signal }) {
        const { server, caller, tool } = await find(name);
        const input = outgoing(given, server, deps.redact);
        const meta = await metaFor(server, tool, deps);
        const startedAt = new Date();
        const record = (result: unknown, error: string | null, completedAt = new Date()) =>
          deps.audit.record({
            ...{ stepId, server: server.name, tool: tool.name, arguments: input },
            ...{ result, error, startedAt, completedAt },
          });
        const result = await deps.mcp
          .of(server)
          .call(caller, server, { tool, input, meta, signal })
          .catch(async (error: unknown) => {
            // It may have been done all the same, so that it has its row too.
            await record(null, messageOf(error));
            throw error;
          });
        const completedAt = new Date();
        const answer = answerOf(result, completedAt.getTime() - startedAt.getTime());
        if (answer.isError) await record(null, answer.text, completedAt);
        else await record(answer.data ?? answer.text, null, completedAt);
        return answer;
      },
    };
  };
}

function capabilityFor({ execution, secret }: ToolboxDeps, tools: string[]): Promise<string> {
  const { installation, repository } = execution.trigger;
  const capability = {
    execution: execution.id,
    installation,
    repository: { owner: repository.owner, repo: repository.name, id: repository.id },
    tools,
  };
  return signCapability(capability, secret, capabilitySeconds);
}

/** Asks the servers of these tools, and no others, what they are. */
async function discover({ registry, mcp }: ToolboxDeps, tools: string[], token: string): Promise<Offered[]> {
  const servers = await registry();
  const names = [...new Set(tools.map(serverName))];
  const lists = await Promise.all(
    names.map(async (name) => {
      const server = usable(servers, name);
      const wanted = tools.filter((tool) => serverName(tool) === name);
      const caller = { token, tools: wanted.map((tool) => tool.slice(name.length + 1)) };
      const found = await mcp.of(server).tools(caller, server);
      return found.map((tool) => ({ name: `${name}.${tool.name}`, server, caller, tool }));
    }),
  );
  const found = lists.flat();
  checkPlainNames(found);
  const missing = tools.filter((name) => !found.some((one) => one.name === name));
  if (missing.length === 0) return found;
  throw new PermanentFault(
    `There is no tool ${missing.join(", ")}. Check the names in \`workflows/\` and \`agents/\`.`,
  );
}

/** A model knows tools by their plain names, and must not reach one server for another. */
function checkPlainNames(found: Offered[]): void {
  for (const [index, { name, tool }] of found.entries()) {
    const same = found.slice(0, index).find((other) => other.tool.name === tool.name);
    if (same)
      throw new PermanentFault(
        `${same.name} and ${name} can't be used in one step: their names are the same.`,
      );
  }
}

function usable(servers: RegisteredServer[], name: string): RegisteredServer {
  const server = servers.find((candidate) => candidate.name === name);
  if (server?.enabled) return server;
  const what = server ? `The MCP server \`${name}\` is switched off.` : `There is no MCP server \`${name}\`.`;
  const others = servers.filter(({ enabled }) => enabled).map((one) => one.name);
  throw new PermanentFault(`${what} These can be used: ${others.join(", ")}.`);
}

async function metaFor(
  server: RegisteredServer,
  tool: Tool,
  { mintReadToken }: ToolboxDeps,
): Promise<Record<string, unknown> | undefined> {
  if (!tool._meta?.[needsRepositoryTokenKey]) return undefined;
  const name = `${server.name}.${tool.name}`;
  if (server.isThirdParty || !mayGetToken.includes(name))
    throw new PermanentFault(`The tool ${name} asks for a repository token and may not have one.`);
  return { [repositoryTokenKey]: await mintReadToken() };
}

function serverName(tool: string): string {
  return tool.slice(0, tool.indexOf("."));
}

function answerOf(result: CallToolResult, durationMs: number): ToolAnswer {
  const text = result.content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
  const data = result.structuredContent as Record<string, unknown> | undefined;
  const isError = result.isError === true;
  const mayPass = isError && result._meta?.[retryableKey] === true;
  const wait = Number(result._meta?.[retryAfterKey]);
  return { text, data, isError, mayPass, ...(mayPass && wait > 0 && { waitSeconds: wait }), durationMs };
}
