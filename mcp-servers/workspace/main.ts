// The MCP server that keeps a checkout for each execution. It holds no credential.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { readConfig } from "../../shared/config.ts";
import { createLogger } from "../../shared/logger.ts";
import { type RunningServer, serve } from "../serve.ts";
import { listenOptions, redactFor, serverSettings } from "../settings.ts";
import { limitProcesses } from "./limit-processes.ts";
import { createSandbox, probeSandbox } from "./sandbox.ts";
import { workspaceTools } from "./tools.ts";
import { createTurns } from "./turns.ts";
import { defaultLimits } from "./watch-limits.ts";

const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

// Only the host and the port of it go to commands, which may print what they get: it can't have a password.
const proxyAddress = z
  .url({ protocol: /^http$/ })
  .refine((url) => !new URL(url).username, "must have no user and no password");

const settingsOfWorkspace = serverSettings(3004).extend({
  AFU9_WORKSPACE_DIR: z.string().default(".afu9/workspaces"),
  AFU9_SANDBOX: z.enum(["bwrap", "none"]).default("bwrap"),
  /** Setup has the network in any case; other commands where the repository asks for it and this is `allow`. */
  AFU9_SANDBOX_NETWORK: z.enum(["allow", "deny"]).default("deny"),
  /** A proxy that lets through what the operator allows. In bubblewrap it is then the only way out. */
  AFU9_SANDBOX_PROXY: proxyAddress.optional(),
  /** Directories by colon, such as one of nvm's versions; the `bin` of each is on the PATH of commands. */
  AFU9_SANDBOX_TOOLCHAINS: z.string().default(""),
  /** What a command with all that it started may use, and what a checkout with its home may hold. */
  AFU9_SANDBOX_MEMORY_MB: z.coerce.number().int().min(64).default(4_096),
  AFU9_SANDBOX_DISK_MB: z.coerce.number().int().min(64).default(10_240),
  GITHUB_API_URL: address.default("https://api.github.com"),
  GITHUB_SERVER_URL: address.default("https://github.com"),
});

/** Throws when the sandbox does not work: without it, commands of strangers would run like any process of this user. */
export async function start(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const settings = readConfig(settingsOfWorkspace, env);
  const log = createLogger("mcp-workspace", settings.AFU9_LOG_LEVEL, redactFor(settings));
  const toolchains = settings.AFU9_SANDBOX_TOOLCHAINS.split(":").filter(Boolean);
  const limits = {
    ...defaultLimits,
    memoryBytes: settings.AFU9_SANDBOX_MEMORY_MB * 2 ** 20,
    diskBytes: settings.AFU9_SANDBOX_DISK_MB * 2 ** 20,
  };
  const { AFU9_SANDBOX: kind, AFU9_SANDBOX_PROXY: proxy } = settings;
  const sandbox = { kind, toolchains, limits, ...(proxy && { proxy: new URL(proxy) }) };
  const fault = await probeSandbox(sandbox);
  if (fault) throw new Error(`The sandbox does not work: ${fault}. ${remedies}`);
  if (sandbox.kind === "none") log.warn("commands run without a sandbox");

  if (process.getuid?.() === 0 && !(await limitProcesses()))
    log.warn(
      "no limit of the kernel holds for the number of root's processes; start the server as another user",
    );
  const root = resolve(settings.AFU9_WORKSPACE_DIR);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const deps = {
    root,
    // No execution has a name that begins with a dot.
    mirrors: { directory: join(root, ".mirrors"), maxBytes: 10 * 2 ** 30, maxAgeMs: 7 * 24 * 3_600_000 },
    sandbox: createSandbox(sandbox),
    isNetworkAllowed: settings.AFU9_SANDBOX_NETWORK === "allow",
    maxFound: 100_000,
    outputLimits: { eachBytes: 256 * 2 ** 20, allBytes: 512 * 2 ** 20 },
    github: { apiUrl: settings.GITHUB_API_URL, serverUrl: settings.GITHUB_SERVER_URL },
    inTurn: createTurns(),
  };
  return serve({ name: "workspace", tools: workspaceTools, deps, log, ...listenOptions(settings) });
}

const remedies =
  "Install bubblewrap (apt-get install bubblewrap), or switch the sandbox off with AFU9_SANDBOX=none; " +
  "then the commands of a repository run with the rights of this user.";
