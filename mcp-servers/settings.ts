// What every MCP server reads from its environment.
import { z } from "zod";
import { port, processSettings } from "../shared/config.ts";
import { createRedact, type Redact } from "../shared/redact.ts";

const secret = z.string().min(16, "must have at least 16 characters");

/** The settings of an MCP server that listens on `defaultPort` unless `PORT` says otherwise. Extend them with your own. */
export function serverSettings(defaultPort: number) {
  return processSettings.extend({
    PORT: port.default(defaultPort),
    AFU9_MCP_SECRET: secret,
    /** Valid as well while the secret rotates. */
    AFU9_MCP_SECRET_PREVIOUS: secret.optional(),
    /** Names, by comma, under which callers on other machines reach this server. */
    AFU9_MCP_HOSTS: z.string().default(""),
    /** `--stdio` sets it: the client started this process and speaks over its standard input and output. */
    AFU9_MCP_TRANSPORT: z.enum(["http", "stdio"]).default("http"),
    /** The capability of that client. */
    AFU9_MCP_TOKEN: z.string().optional(),
  });
}

/** Takes the secrets of these settings, and these, out of what a server logs. */
export function redactFor(
  settings: z.infer<ReturnType<typeof serverSettings>>,
  ...more: (string | undefined)[]
): Redact {
  const { AFU9_MCP_SECRET, AFU9_MCP_SECRET_PREVIOUS, AFU9_MCP_TOKEN } = settings;
  return createRedact([AFU9_MCP_SECRET, AFU9_MCP_SECRET_PREVIOUS, AFU9_MCP_TOKEN, ...more]);
}

/** The part of `serve`'s options that comes from these settings. */
export function listenOptions(settings: z.infer<ReturnType<typeof serverSettings>>) {
  const { AFU9_MCP_SECRET: current, AFU9_MCP_SECRET_PREVIOUS: previous } = settings;
  return {
    port: settings.PORT,
    host: settings.HOST,
    hosts: settings.AFU9_MCP_HOSTS.split(",").filter(Boolean),
    secrets: previous ? [current, previous] : [current],
    stdioToken: stdioToken(settings),
  };
}

type Transport = { AFU9_MCP_TRANSPORT: "http" | "stdio"; AFU9_MCP_TOKEN?: string };

function stdioToken({ AFU9_MCP_TRANSPORT: transport, AFU9_MCP_TOKEN: token }: Transport): string | undefined {
  if (transport === "http") return undefined;
  if (token) return token;
  throw new Error(
    "Over standard input and output it serves the holder of one token: set AFU9_MCP_TOKEN. `npm run afu9 -- mcp token` makes one.",
  );
}
