import { createLogger } from "../shared/logger.ts";

/** The command line says what it has to say itself. */
export const silentLog = createLogger("cli", "silent");
