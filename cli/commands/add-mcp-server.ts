import { z } from "zod";
import { Refusal } from "../../shared/errors.ts";
import { ownServers, type RegisteredServer } from "../../worker/tools/registry.ts";
import { headerVariable } from "../../worker/tools/request-headers.ts";
import { command, option } from "../command.ts";
import { WrongUsage } from "../exit-codes.ts";
import { acceptTools, describeTools } from "../mcp/accept-tools.ts";
import { readOfferedTools } from "../mcp/offered-tools.ts";

const list = z
  .string()
  .default("")
  .transform((text) => text.split(",").filter(Boolean));

export const addMcpServer = command({
  usage: "mcp add <name> <url>",
  summary: "Register an MCP server of a third party, with the tools that may be called.",
  details: `It is asked for these tools, and what it says of them is shown, and accepted: when it says something else
later, steps that use it stop. It never gets a capability or a token of AFU-9. Adding it again changes what was registered.`,
  options: z.object({
    tools: option("--tools <names>", "the tools that may be called, by comma", list),
    header: option(
      "--header <header=variable>",
      "a header that it gets, from a variable of the worker: Authorization=AFU9_MCP_HEADER_WIKI",
      z
        .string()
        .regex(/^[A-Za-z0-9-]+=/, "Expected a header, = and a variable")
        .optional(),
    ),
  }),
  async run({ args: [name = "", url = ""], options, deps, out }) {
    const [header, variable] = options.header?.split("=") ?? [];
    const headers = header && variable !== undefined ? { [header]: variable } : {};
    const server = { ...thirdParty, name, endpoint: url, allowedTools: options.tools, headers };
    checkAsked(server);
    const offered = await readOfferedTools(server, deps.root);
    const { tools, digest } = await acceptTools(await deps.db(), server, offered);
    out.say({
      json: { name, endpoint: url, tools: tools.map((tool) => tool.name), digest },
      text: `${describeTools(tools)}\nAdded ${name}. Steps call its tools as ${tools.map((tool) => `${name}.${tool.name}`).join(", ")}.`,
    });
    return 0;
  },
});

const thirdParty = {
  timeoutMs: 30_000,
  retries: 2,
  enabled: true,
  isThirdParty: true,
  acceptedTools: [],
  toolsDigest: null,
};

function checkAsked({ name, endpoint, allowedTools, headers }: RegisteredServer): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new WrongUsage(`Expected a name of small letters, digits and hyphens, got "${name}".`);
  if (Object.hasOwn(ownServers, name))
    throw new Refusal(`${name} is one of AFU-9's own servers. Take another name.`);
  const wrong = allowedTools.filter((tool) => !/^[a-zA-Z][a-zA-Z0-9_-]*$/.test(tool));
  if (allowedTools.length === 0 || wrong.length > 0)
    throw new WrongUsage(`Expected names of tools by comma in --tools, got "${allowedTools.join()}".`);
  const { protocol, hostname } = URL.canParse(endpoint) ? new URL(endpoint) : { protocol: "", hostname: "" };
  if (!["http:", "https:"].includes(protocol))
    throw new WrongUsage(`Expected the URL of its MCP endpoint, got "${endpoint}".`);
  const variables = Object.values(headers);
  const wrongVariable = variables.find((variable) => !headerVariable.test(variable));
  if (wrongVariable !== undefined)
    throw new WrongUsage(`Expected a variable that begins with AFU9_MCP_HEADER_, got "${wrongVariable}".`);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (variables.length > 0 && protocol === "http:" && !isHere)
    throw new Refusal("A header with a secret is sent over https only. Give an https URL.");
}
