import type { HttpBindings } from "@hono/node-server";
import type { Actor } from "../hub.ts";

/** What Hono carries along with a request. */
export interface Environment {
  Bindings: HttpBindings;
  Variables: { actor?: Actor; contentCreating?: boolean };
}
