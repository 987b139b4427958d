import { fenced } from "../../shared/untrusted-text.ts";

/** The first message of an agent: every input of the step, fenced as data. The same inputs give the same bytes. */
export function taskMessage(inputs: Record<string, unknown>): string {
  const parts = Object.entries(inputs)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => fenced(name, typeof value === "string" ? value : JSON.stringify(value, null, 1)));
  return [...parts, "Do your task now."].join("\n\n");
}
