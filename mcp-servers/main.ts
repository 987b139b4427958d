// Starts one MCP server: `npm run start:mcp -- deploy|github|workspace`.
import closeWithGrace from "close-with-grace";
import { messageOf } from "../shared/errors.ts";

const servers = {
  deploy: () => import("./deploy/main.ts"),
  github: () => import("./github/main.ts"),
  workspace: () => import("./workspace/main.ts"),
};

const name = process.argv[2] ?? "";
if (!Object.hasOwn(servers, name)) {
  const known = Object.keys(servers).join(" or ");
  process.stderr.write(`There is no MCP server "${name}". Say which one: npm run start:mcp -- ${known}.\n`);
  process.exit(1);
}

const { start } = await servers[name as keyof typeof servers]();
try {
  const server = await start(process.env);
  closeWithGrace({ delay: 10_000, logger: false }, () => server.close());
} catch (error) {
  process.stderr.write(`The MCP server ${name} did not start. ${messageOf(error)}\n`);
  process.exitCode = 1;
}
