import type { Context } from "probot";
import type { AppDeps } from "./deps.ts";

/** Asks GitHub once for the App's slug. Its bot is called `slug[bot]`, a name that nobody else can have. */
export function createAppSlug(asApp: {
  rest: { apps: { getAuthenticated(): Promise<{ data: { slug?: string } | null }> } };
}): AppDeps["appSlug"] {
  let known: string | undefined;
  return async () => {
    known ??= (await asApp.rest.apps.getAuthenticated()).data?.slug;
    if (!known) throw new Error("Expected GitHub to name the App's slug, got none.");
    return known;
  };
}

/** Whether AFU-9 did it, as its bot. */
export async function isOwnBot(
  sender: { login: string; type: string },
  { appSlug }: Pick<AppDeps, "appSlug">,
): Promise<boolean> {
  return sender.type === "Bot" && sender.login === `${await appSlug()}[bot]`;
}

/** Asks GitHub once for the numeric id of the App's bot. */
export function createOwnBotId(appSlug: AppDeps["appSlug"]): AppDeps["ownBotId"] {
  let known: number | undefined;
  return async ({ rest }: Context["octokit"]) => {
    known ??= (await rest.users.getByUsername({ username: `${await appSlug()}[bot]` })).data.id;
    return known;
  };
}

/** Whether an account is the App's bot. */
export async function isOurAccount(
  account: { id: number; type?: string | undefined } | null | undefined,
  octokit: Context["octokit"],
  { ownBotId }: Pick<AppDeps, "ownBotId">,
): Promise<boolean> {
  return account?.type === "Bot" && account.id === (await ownBotId(octokit));
}
