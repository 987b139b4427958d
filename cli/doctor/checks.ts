// The one list of what `doctor` looks at.
import { checkDatabase, checkQueue } from "./check-database.ts";
import {
  checkApp,
  checkDeliveries,
  checkInstallations,
  checkPermissions,
  checkWebhookAddress,
} from "./check-github.ts";
import { checkDisk, checkNode, checkSandbox } from "./check-machine.ts";
import { checkModelKey, checkModelPrice } from "./check-model.ts";
import { checkListening, checkPublicUrl, checkServers, checkWorkers } from "./check-processes.ts";
import { checkMcpSecret, checkSettings } from "./check-settings.ts";
import { type Check, open } from "./finding.ts";

export const checks: Check[] = [
  { about: "Node", look: checkNode },
  { about: "settings", look: checkSettings },
  { about: "database", look: checkDatabase },
  { about: "queue", look: checkQueue },
  { about: "GitHub App", look: withApp(checkApp) },
  { about: "permissions", look: withApp(checkPermissions) },
  { about: "webhook address", look: withApp(checkWebhookAddress) },
  { about: "webhooks", look: withApp(checkDeliveries) },
  { about: "installations", look: withApp(checkInstallations) },
  { about: "public address", look: checkPublicUrl },
  { about: "app", look: checkListening },
  { about: "workers", look: checkWorkers },
  { about: "MCP secret", look: checkMcpSecret },
  { about: "MCP servers", look: checkServers },
  { about: "model key", look: checkModelKey },
  { about: "model price", look: checkModelPrice },
  { about: "sandbox", look: checkSandbox },
  { about: "disk", look: checkDisk },
];

/** Without an App its settings are the fault, which is said once. */
function withApp(look: Check["look"]): Check["look"] {
  return async (patient) => (patient.env.APP_ID ? look(patient) : open("not known before there is an App"));
}
