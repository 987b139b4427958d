// Looking at what was asked of this GitHub, making it fail, and clicking where a person would.
import { clickOn } from "../actions/click-check-run.ts";
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
  { method: "POST", path: "/webhooks/settle", handler: settleWebhooks },
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

/** Answers when every webhook that was sent so far has been answered, those that came of them too. */
async function settleWebhooks({ hub }: ControlRequest) {
  for (let before: Promise<unknown>[] = []; ; ) {
    const now = hub.apps.map((app) => app.outbox);
    if (now.every((outbox, at) => outbox === before[at])) return;
    await Promise.all(now);
    before = now;
  }
}

async function clickCheckRun({ hub, param, input }: ControlRequest) {
  await clickOn(hub, { ...input(click), run: param("id") });
}
