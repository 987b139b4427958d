import type { Actor } from "../hub.ts";
import { Problem } from "../rest/problem.ts";
import { grants } from "./authorize.ts";

/** An App changes `.github/workflows` only with the `workflows` permission: such a file can run with the repository's secrets. */
export function refuseWorkflowFiles(actor: Actor, paths: string[]): void {
  if (actor.kind !== "installation" || grants(actor, "workflows:write")) return;
  const path = paths.find((one) => one.startsWith(".github/workflows/"));
  if (!path) return;
  const message = `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`;
  throw new Problem(403, message);
}
