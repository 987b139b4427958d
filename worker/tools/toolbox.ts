// A toolbox is what one step may call: it holds a capability for just these tools, and writes every call down.
import {
  type CallToolResult,
  Client,
  StreamableHTTPClientTransport,
  type Tool,
} from "@modelcontextprotocol/client";
import { signCapability } from "../../shared/capability.ts";
import { messageOf, PermanentFault } from "../../shared/errors.ts";
import type { Trigger } from "../../shared/trigger.ts";
import type { ToolSpec } from "../llm/model.ts";
import type { Audit } from "./audit.ts";
import type { RegisteredServer } from "./registry.ts";

/** What a tool answered: its text, and its structured content where it has one. */
export type ToolAnswer = {
  text: string;
  data?: Record<string, unknown>;
  isError: boolean;
  /** Of an error: the same call may work later. */
  mayPass: boolean;
  durationMs: number;
};
export type ToolCall = { tool: string; input: Record<string, unknown>; signal: AbortSignal };

export type Toolbox = AsyncDisposable & {
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
  servers: RegisteredServer[];
  secret: string;
  audit: Audit;
  /** Makes a token that reads the execution's repository, for the tool that asks for one. */
  mintReadToken(): Promise<string>;
};

/** A capability outlasts the longest step. */
const capabilitySeconds = 6 * 3600;

/** By these keys of `_meta` a tool asks for a repository token, and gets it beside its arguments: no row holds it. */
const needsToken = "afu9/needs-repository-token";
const repositoryToken = "afu9/repository-token";
/** In a failed result's `_meta`: the fault may pass. */
const mayPassKey = "afu9/retryable";
/** Only AFU-9's own checkout is given one. */
const mayGetToken = ["workspace.openWorkspace"];

type Offered = { server: string; tool: Tool };

export function createToolboxes(deps: ToolboxDeps): OpenToolbox {
  return async ({ stepId, tools }) => {
    const { id, trigger } = deps.execution;
    const { installation, repository } = trigger;
    const capability = {
      execution: id,
      installation,
      repository: { owner: repository.owner, repo: repository.name },
      tools,
    };
    const token = await signCapability(capability, deps.secret, capabilitySeconds);
    const clients = new Map<string, Promise<Client>>();

    function clientOf(name: string): Promise<Client> {
      const client = clients.get(name) ?? connect(serverOf(deps, name), token);
      clients.set(name, client);
      return client;
    }
    let known: Promise<Offered[]> | undefined;
    const offered = () => (known ??= askServers());
    async function askServers(): Promise<Offered[]> {
      const names = [...new Set(tools.map((tool) => serverName(tool)))];
      const lists = await Promise.all(
        names.map(async (server) =>
          (await (await clientOf(server)).listTools()).tools.map((tool) => ({ server, tool })),
        ),
      );
      const found = lists.flat();
      const missing = tools.filter(
        (name) => !found.some(({ server, tool }) => `${server}.${tool.name}` === name),
      );
      if (missing.length > 0)
        throw new PermanentFault(
          `There is no tool ${missing.join(", ")}. Check the names in \`workflows/\` and \`agents/\`.`,
        );
      return found;
    }

    return {
      async specs() {
        return (await offered()).map(({ tool }) => ({
          name: tool.name,
          description: tool.description ?? "",
          inputSchema: tool.inputSchema,
        }));
      },
      async isReadOnly(name) {
        const found = (await offered()).find(({ server, tool }) => `${server}.${tool.name}` === name);
        return found?.tool.annotations?.readOnlyHint === true;
      },
      fullName: (name) => tools.find((tool) => tool.endsWith(`.${name}`)) ?? name,
      async call({ tool, input, signal }) {
        const name = serverName(tool);
        const server = serverOf(deps, name);
        const startedAt = new Date();
        const meta = await metaFor(tool, await offered());
        const client = await clientOf(name);
        const result = await client.callTool(
          { name: tool.slice(name.length + 1), arguments: input, _meta: meta },
          { signal, timeout: server.timeoutMs },
        );
        const completedAt = new Date();
        const answer = answerOf(result, completedAt.getTime() - startedAt.getTime());
        await deps.audit.record({
          stepId,
          server: name,
          tool: tool.slice(name.length + 1),
          arguments: input,
          result: answer.isError ? null : (answer.data ?? answer.text),
          error: answer.isError ? answer.text : null,
          startedAt,
          completedAt,
        });
        return answer;
      },
      async [Symbol.asyncDispose]() {
        await Promise.allSettled([...clients.values()].map(async (client) => (await client).close()));
      },
    };
  };

  async function metaFor(name: string, found: Offered[]): Promise<Record<string, unknown> | undefined> {
    const spec = found.find(({ server, tool }) => `${server}.${tool.name}` === name)?.tool;
    if (!spec?._meta?.[needsToken]) return undefined;
    if (!mayGetToken.includes(name))
      throw new PermanentFault(`The tool ${name} asks for a repository token and may not have one.`);
    return { [repositoryToken]: await deps.mintReadToken() };
  }
}

async function connect(server: RegisteredServer, token: string): Promise<Client> {
  const client = new Client({ name: "afu-9", version: "0.2.0" });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(server.endpoint), { requestInit }));
    return client;
  } catch (error) {
    throw new Error(
      `The MCP server \`${server.name}\` at ${server.endpoint} did not answer: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function serverOf({ servers }: ToolboxDeps, name: string): RegisteredServer {
  const server = servers.find((candidate) => candidate.name === name);
  if (server) return server;
  throw new PermanentFault(
    `There is no MCP server \`${name}\`. These are registered: ${servers.map((one) => one.name).join(", ")}.`,
  );
}

function serverName(tool: string): string {
  return tool.slice(0, tool.indexOf("."));
}

function answerOf(result: CallToolResult, durationMs: number): ToolAnswer {
  const text = result.content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
  const data = result.structuredContent as Record<string, unknown> | undefined;
  const isError = result.isError === true;
  return { text, data, isError, mayPass: isError && result._meta?.[mayPassKey] === true, durationMs };
}
