import { destination, type Logger, pino } from "pino";
import type { Redact } from "./redact.ts";

export type { Logger } from "pino";

/**
 * A JSON logger on stderr. The field names are the architecture document's: timestamp, level, service, message.
 * `AFU9_LOG_LEVEL` sets the level. With `redact` no line holds a secret.
 */
export function createLogger(service: string, level = "info", redact?: Redact): Logger {
  return pino(
    {
      level,
      base: { service },
      messageKey: "message",
      errorKey: "error",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: redact ? { streamWrite: redact.text } : {},
    },
    destination({ fd: 2, sync: true }),
  );
}
