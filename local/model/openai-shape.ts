// What OpenAI's two APIs say of a request that does not have their shape.
import type { z } from "zod";
import type { Refused } from "./api.ts";
import { firstFault } from "./first-fault.ts";

export const toolNamePattern = /^[a-zA-Z0-9_-]+$/;

/** `messages[1].content`, as OpenAI writes it. */
export function shapeFault(error: z.ZodError): Refused {
  const { path, message, unknown } = firstFault(error);
  const param = paramOf([...path, ...(unknown ? [unknown] : [])]);
  if (unknown) return { fault: `Unknown parameter: '${param}'.`, code: "unknown_parameter", param };
  return { fault: `Invalid '${param || "body"}': ${message}.`, code: "invalid_value", param };
}

function paramOf(path: PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

export function repeatedName(names: string[]): Refused | undefined {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return twice === undefined
    ? undefined
    : { fault: `Tool names must be unique: '${twice}' is there twice.`, param: "tools" };
}
