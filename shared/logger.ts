import { destination, type Logger, pino } from "pino";

export type { Logger } from "pino";

/**
 * A JSON logger on stderr. The field names are the architecture document's: timestamp, level, service, message.
 * `AFU9_LOG_LEVEL` sets the level.
 */
export function createLogger(service: string, level = "info"): Logger {
  return pino(
    {
      level,
      base: { service },
      messageKey: "message",
      errorKey: "error",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ fd: 2, sync: true }),
  );
}
