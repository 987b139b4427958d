import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { handOver } from "../installations/hand-over.ts";
import { syncInstallation } from "../installations/sync-installation.ts";

type Event = "installation" | "installation_repositories" | "installation_target";

/** The installation has changed: what it reaches, what it may, or what its account is called. GitHub says how it is now. */
export async function onInstallationChanged(context: Context<Event>, deps: AppDeps): Promise<void> {
  const { installation, action } = context.payload;
  if (!installation) return;
  // What was refused may be allowed now.
  if (action === "new_permissions_accepted")
    await deps.db.prisma.repository.updateMany({
      where: { installationId: installation.id },
      data: { labelsMadeAt: null },
    });
  await syncInstallation(installation.id, deps);
  if (context.name === "installation_target") await handOver({ installation: installation.id }, deps);
}
