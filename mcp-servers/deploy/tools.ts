import { getServiceStatus } from "./tools/get-service-status.ts";
import { getTaskDefinition } from "./tools/get-task-definition.ts";
import { listServices } from "./tools/list-services.ts";
import { rollbackService } from "./tools/rollback-service.ts";
import { scaleService } from "./tools/scale-service.ts";
import { updateService } from "./tools/update-service.ts";

export const deployTools = [
  updateService,
  getServiceStatus,
  rollbackService,
  listServices,
  getTaskDefinition,
  scaleService,
];
