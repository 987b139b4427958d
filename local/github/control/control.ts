import type { z } from "zod";
import type { Hub } from "../hub.ts";

export interface Control {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  handler: (request: ControlRequest) => unknown;
}

export interface ControlRequest {
  hub: Hub;
  param(name: string): string;
  /** The JSON body, checked; a mismatch is a 422 that says what is wrong. */
  input<T>(schema: z.ZodType<T>): T;
}
