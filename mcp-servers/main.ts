// Starts one MCP server: `npm run start:mcp -- deploy|github|observability|workspace`, with `--stdio` for a client that starts it itself.
import { Console } from "node:console";
import closeWithGrace from "close-with-grace";
import { messageOf } from "../shared/errors.ts";
import { servers } from "./servers.ts";

const [name = "", ...flags] = process.argv.slice(2);
const isStdio = flags.includes("--stdio");

if (!Object.hasOwn(servers, name) || flags.some((flag) => flag !== "--stdio")) {
  const known = Object.keys(servers).join(" or ");
  process.stderr.write(
    `There is no MCP server "${[name, ...flags].join(" ")}". Say which one: npm run start:mcp -- ${known}, and --stdio if you like.\n`,
  );
  process.exit(1);
}

// What a library prints must not come between the messages.
if (isStdio) globalThis.console = new Console(process.stderr, process.stderr);

const { start } = await servers[name as keyof typeof servers]();
try {
  const server = await start(isStdio ? { ...process.env, AFU9_MCP_TRANSPORT: "stdio" } : process.env);
  const grace = closeWithGrace({ delay: 10_000, logger: false }, () => server.close());
  if (isStdio) process.stdin.once("end", grace.close);
} catch (error) {
  process.stderr.write(`The MCP server ${name} did not start. ${messageOf(error)}\n`);
  process.exitCode = 1;
}
