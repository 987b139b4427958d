import type { AppDescription } from "./app-description.ts";

/** Where GitHub delivers webhooks, below the public address. */
export const webhookPath = "/api/webhooks/github";

export type Manifest = ReturnType<typeof manifestOf>;

/** The App's manifest, in GitHub's words. `origin` is where the operator's browser is: it comes back there. */
export function manifestOf(
  { name, public: isPublic, default_permissions, default_events }: AppDescription,
  { publicUrl, origin }: { publicUrl: string; origin: string },
) {
  return {
    name,
    url: publicUrl,
    hook_attributes: { url: `${publicUrl}${webhookPath}`, active: true },
    redirect_url: `${origin}/setup/callback`,
    setup_url: `${publicUrl}/setup/installed`,
    public: isPublic,
    default_permissions,
    default_events,
  };
}
