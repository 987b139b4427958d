import { randomBytes } from "node:crypto";
import { z } from "zod";
import { signCapability } from "../../shared/capability.ts";
import { didYouMean } from "../../shared/closest.ts";
import type { Database } from "../../shared/db.ts";
import { plural } from "../../shared/terminal-text.ts";
import { command, option } from "../command.ts";
import { WrongUsage } from "../exit-codes.ts";
import { readKnownNames } from "../known-names.ts";
import { lifetime } from "../lifetime.ts";
import { utc } from "../wording.ts";

const repository = /^([^/\s]+)\/([^/\s]+)$/;

export const makeMcpToken = command({
  usage: "mcp token",
  summary: "Make a token with which another MCP client may call some tools on one repository.",
  details: `Whoever has the token may do what the tools do, until it ends; it can't be taken back before. What it is called with
is in the MCP servers' logs under the name that it gets. It is signed with AFU9_MCP_SECRET, or with the secret that
\`npm start\` made in this folder. docs/mcp.md has the settings of clients to paste it into.`,
  options: z.object({
    repo: option(
      "--repo <owner/name>",
      "the one repository that it is for",
      z
        .string("Expected a repository as OWNER/NAME")
        .regex(repository, "Expected a repository as OWNER/NAME"),
    ),
    tools: option(
      "--tools <patterns>",
      "the tools that it may call, by comma, with * for any letters: 'github.get*,workspace.*'",
      z.string("Expected names of tools, such as 'github.get*'"),
    ),
    ttl: option("--ttl <time>", "how long it is valid, a day at most (1h)", lifetime.default(3_600)),
  }),
  async run({ options, deps, out }) {
    const { tools: known } = await readKnownNames(deps.root);
    const tools = matching(options.tools, known);
    const secret = await deps.mcpSecret();
    const covered = await findRepository(await deps.db(), options.repo);
    const execution = `token-${randomBytes(6).toString("hex")}`;
    const token = await signCapability({ execution, ...covered, tools }, secret, options.ttl);
    const expiresAt = new Date(Date.now() + options.ttl * 1000);
    out.say({ text: token, json: { token, execution, repository: covered.repository, tools, expiresAt } });
    out.remark(
      `${execution}, for ${options.repo}, until ${utc(expiresAt)}. It may call ${plural(tools.length, "tool")}: ${tools.join(", ")}.`,
    );
    return 0;
  },
});

/** The tools that any of the patterns names. A pattern that names none is a mistake. */
function matching(patterns: string, known: string[]): string[] {
  const found = patterns.split(",").flatMap((part) => {
    const pattern = part.trim();
    const words = pattern.split("*").map((text) => text.replaceAll(/\W/g, "\\$&"));
    const tools = known.filter((tool) => new RegExp(`^${words.join(".*")}$`).test(tool));
    if (tools.length > 0) return tools;
    const servers = [...new Set(known.map((tool) => `${tool.split(".")[0]}.*`))];
    throw new WrongUsage(
      `--tools: There is no tool "${pattern}".${didYouMean(pattern, known)} Expected names such as ${servers.join(", ")}.`,
    );
  });
  return known.filter((tool) => found.includes(tool));
}

/** GitHub's names are the same in any case; a capability has them as GitHub writes them. */
async function findRepository({ pool }: Database, fullName: string) {
  const { rows } = await pool.query<{ owner: string; name: string; installation: string }>(
    `SELECT owner, name, installation_id AS installation FROM repositories
     WHERE lower(owner || '/' || name) = lower($1) ORDER BY updated_at DESC LIMIT 1`,
    [fullName],
  );
  const [found] = rows;
  if (!found) throw new Error(await unknown(pool, fullName));
  const { owner, name, installation } = found;
  return { repository: { owner, repo: name }, installation: Number(installation) };
}

async function unknown(pool: Database["pool"], fullName: string): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT owner || '/' || name AS name FROM repositories ORDER BY updated_at DESC LIMIT 1000",
  );
  const meant = didYouMean(
    fullName,
    rows.map(({ name }) => name),
  );
  return `The database has no repository ${fullName}.${meant} A repository is known after its first execution.`;
}
