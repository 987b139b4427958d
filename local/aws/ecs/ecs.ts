import { jsonService } from "../protocols/json.ts";
import { serviceDeploymentOperations } from "./operations/service-deployments.ts";
import { serviceOperations } from "./operations/services.ts";
import { taskDefinitionOperations } from "./operations/task-definitions.ts";
import { taskOperations } from "./operations/tasks.ts";

export const ecs = jsonService("ecs", {
  ...serviceOperations,
  ...serviceDeploymentOperations,
  ...taskDefinitionOperations,
  ...taskOperations,
});
