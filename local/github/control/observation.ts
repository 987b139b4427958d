// Looking at what was asked of this GitHub, making it fail, and clicking where a person would.
import { emitCheckRun } from "../actions/check-run-event.ts";
import { findAccount } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import type { Control, ControlRequest } from "./control.ts";
import { click, limitUpdate, newFault } from "./inputs.ts";

export const observationControls: Control[] = [
  { method: "GET", path: "/requests", handler: ({ hub }) => hub.requests },
  { method: "DELETE", path: "/requests", handler: forgetRequests },
  { method: "GET", path: "/faults", handler: ({ hub }) => hub.faults },
  { method: "POST", path: "/faults", handler: addFault },
  { method: "DELETE", path: "/faults", handler: clearFaults },
  { method: "PUT", path: "/limits", handler: setLimits },
  { method: "POST", path: "/check-runs/:id/click", handler: clickCheckRun },
];

function forgetRequests({ hub }: ControlRequest) {
  hub.requests = [];
}

function addFault({ hub, input }: ControlRequest) {
  const fault = input(newFault);
  hub.faults.push(fault);
  return fault;
}

function clearFaults({ hub }: ControlRequest) {
  hub.faults = [];
}

function setLimits({ hub, input }: ControlRequest) {
  Object.assign(hub.limits, input(limitUpdate));
  return hub.limits;
}

function clickCheckRun({ hub, param, input }: ControlRequest) {
  const { login, action } = input(click);
  const sender = findAccount(hub, login);
  if (!sender) throw new Problem(404, `There is no user ${login}. Create it with POST /_local/users.`);
  for (const repository of hub.repositories) {
    const run = repository.checkRuns.find(({ id }) => String(id) === param("id"));
    if (!run) continue;
    if (action === "rerequest") return emitCheckRun(hub, { repository, run, sender, action: "rerequested" });
    if (!run.actions.some(({ identifier }) => identifier === action)) {
      const known = run.actions.map(({ identifier }) => identifier).join(", ");
      throw new Problem(422, `Check run ${run.id} has no button ${action}. It has: ${known || "none"}.`);
    }
    return emitCheckRun(hub, { repository, run, sender, action: "requested_action", identifier: action });
  }
  throw new Problem(404, `There is no check run with the id ${param("id")}.`);
}
