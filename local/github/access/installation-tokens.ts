// Makes installation tokens, narrowed to repositories and permissions as asked for.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Hub, Installation, InstallationToken, Level, Permissions } from "../hub.ts";
import { repositoriesOf } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { refuseSuspended } from "./identify.ts";

export const tokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write", "admin"])).optional(),
});

const oneHour = 3_600_000;

/** Adds a token to the hub. Asking for more than the installation has is a 422. */
export function createInstallationToken(
  hub: Hub,
  installation: Installation,
  asked: z.infer<typeof tokenRequest>,
): { value: string; token: InstallationToken } {
  refuseSuspended(installation);
  const token: InstallationToken = {
    kind: "installation",
    installation,
    repositoryIds: narrowedRepositories(hub, installation, asked),
    permissions: narrowedPermissions(installation.app.permissions, asked.permissions),
    expiresAt: Date.now() + oneHour,
  };
  const value = `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  hub.tokens.set(value, token);
  return { value, token };
}

function narrowedRepositories(hub: Hub, installation: Installation, asked: z.infer<typeof tokenRequest>) {
  if (!asked.repositories && !asked.repository_ids) return undefined;
  const reachable = repositoriesOf(hub, installation);
  const byName = (asked.repositories ?? []).map((name) =>
    reachable.find((repository) => repository.name.toLowerCase() === name.toLowerCase()),
  );
  const byId = (asked.repository_ids ?? []).map((id) => reachable.find((repository) => repository.id === id));
  const ids = [...byName, ...byId].map((repository) => {
    if (repository) return repository.id;
    const message =
      "There is at least one repository that does not exist or is not accessible to the parent installation.";
    throw new Problem(422, message);
  });
  return new Set(ids);
}

function narrowedPermissions(granted: Permissions, asked: Permissions | undefined): Permissions {
  if (!asked) return granted;
  const levels: (Level | undefined)[] = [undefined, "read", "write", "admin"];
  for (const [name, level] of Object.entries(asked)) {
    const has = name === "metadata" ? (granted[name] ?? "read") : granted[name];
    if (levels.indexOf(level) > levels.indexOf(has)) {
      throw new Problem(422, "The permissions requested are not granted to this installation.");
    }
  }
  return { ...asked, metadata: asked.metadata ?? "read" };
}
