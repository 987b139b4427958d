import type { Hub } from "../hub.ts";
import { refusal } from "./refusals.ts";

/** Fails one field as told. The others of the same request do their work: what went wrong stands beside what they gave. */
export function failIfTold(hub: Hub, field: string): void {
  const fault = hub.faults.find((one) => one.field === field && one.times > 0);
  if (!fault) return;
  fault.times -= 1;
  throw refusal(fault.type, fault.message ?? "Something went wrong while executing your query.");
}
