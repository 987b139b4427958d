import { messageOf } from "../../shared/errors.ts";
import { checks } from "./checks.ts";
import type { Answer, Check, Finding, Patient } from "./finding.ts";

/** Asks everything at once; what it finds is in the order of the list. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const found = await Promise.all(checks.map((check) => ask(check, patient)));
  return found.flat();
}

async function ask({ about, look }: Check, patient: Patient): Promise<Finding[]> {
  try {
    return [await look(patient)].flat().map((answer: Answer) => ({ about, ...answer }));
  } catch (error) {
    return [{ about, state: "fault", detail: messageOf(error).replace(/\s*\n\s*/g, " ") }];
  }
}
