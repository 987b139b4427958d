// GitHub's manifest flow: what the App is to be goes to GitHub with a state, and the operator's browser brings both the state and a code back.
import type { Context } from "hono";
import { z } from "zod";
import { publicUrl as PublicUrl } from "../../shared/config.ts";
import type { Database } from "../../shared/db.ts";
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { AppDescription } from "./app-description.ts";
import { convertCode } from "./convert-code.ts";
import type { CredentialStore } from "./credential-store.ts";
import { manifestOf } from "./manifest.ts";
import { isLoopback } from "./origin.ts";
import { goToGitHubPage } from "./pages/go-to-github-page.ts";
import { notice } from "./pages/layout.ts";
import { makeAppPage } from "./pages/make-app-page.ts";
import { waitingPage } from "./pages/waiting-page.ts";
import { newState, type Setup, takeState } from "./session.ts";

export type MakeAppDeps = {
  db: Database;
  log: Logger;
  description: AppDescription;
  store: CredentialStore;
  /** `PUBLIC_URL`, when it is set. */
  publicUrl: string | undefined;
  githubUrl: string;
  apiUrl: string;
};

export async function offerApp(c: Context, { description, store, publicUrl = "" }: MakeAppDeps) {
  const fault = await placeFault(store);
  return c.html(makeAppPage({ description, publicUrl, place: store.place, fault }));
}

async function placeFault(store: CredentialStore): Promise<string | undefined> {
  const fault = await store.fault();
  return fault && `The App's key could not be kept in ${store.place}: ${fault}`;
}

const Wanted = z.object({
  publicUrl: PublicUrl,
  owner: z.enum(["user", "organization"]),
  organization: z.string().trim(),
});
const login = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;

/** Checks what was typed, and sends it on to GitHub. */
export async function sendToGitHub(c: Context, setup: Setup, deps: MakeAppDeps) {
  const { db, description, githubUrl, store } = deps;
  const body = await c.req.parseBody();
  const wanted = Wanted.safeParse(body);
  const fault = wanted.success
    ? wantedFault(wanted.data, deps)
    : "Expected an address such as https://afu9.example.com.";
  const anyFault = fault ?? (await placeFault(store));
  if (!wanted.success || anyFault) {
    const publicUrl = typeof body.publicUrl === "string" ? body.publicUrl : "";
    return c.html(makeAppPage({ description, publicUrl, place: store.place, fault: anyFault }), 422);
  }
  const { publicUrl, owner, organization } = wanted.data;
  const state = await newState(db, setup.id, publicUrl);
  const path = owner === "user" ? "/settings/apps/new" : `/organizations/${organization}/settings/apps/new`;
  const manifest = manifestOf(description, { publicUrl, origin: originOf(c, publicUrl) });
  return c.html(goToGitHubPage({ action: `${githubUrl}${path}?state=${state}`, manifest }));
}

function wantedFault(
  { publicUrl, owner, organization }: z.infer<typeof Wanted>,
  { githubUrl }: MakeAppDeps,
): string | undefined {
  if (isLoopback(publicUrl) && !isLoopback(githubUrl))
    return `GitHub can't reach ${publicUrl}: webhooks would never arrive. Expected an address that the internet reaches.`;
  if (owner === "organization" && !login.test(organization))
    return "Expected the organisation's name, as in its address.";
  return undefined;
}

/** Where the browser is, and comes back to with its cookie. It was checked to be AFU-9's own. */
function originOf(c: Context, publicUrl: string): string {
  const origin = c.req.header("origin") ?? "";
  return isLoopback(origin) ? origin : publicUrl;
}

/** The browser comes back. Only the one that left with this state is believed, and once. */
export async function makeApp(c: Context, setup: Setup, deps: MakeAppDeps) {
  const { db, log, store, apiUrl } = deps;
  const { code = "", state = "" } = c.req.query();
  if (!/^[\w-]+$/.test(code) || !(await takeState(db, setup.id, state))) {
    return c.html(notice("GitHub's answer is not the one that was waited for", ...beginAgain), 403);
  }
  const made = await attempt(() => convertCode(code, apiUrl));
  if ("fault" in made) {
    log.error({ error: made.fault }, "app manifest not converted");
    return c.html(notice("GitHub did not hand the App's key out", `${made.fault}.`, ...beginAgain), 502);
  }
  const { slug, url, variables } = made.value;
  const kept = await attempt(() =>
    store.keep({ ...variables, ...(setup.publicUrl && { PUBLIC_URL: setup.publicUrl }) }),
  );
  if ("fault" in kept) {
    log.error({ error: kept.fault }, "app credentials not kept");
    return c.html(notice("The App's key could not be kept", `${kept.fault}.`, lost(url)), 500);
  }
  log.info({ app_id: variables.APP_ID, slug, place: store.place }, "app credentials kept");
  return c.html(waitingPage({ slug, place: store.place, shown: "make-app" }));
}

const beginAgain = [
  "The link may be an old one. Begin again at /setup: an App that was made all the same can be deleted on GitHub.",
];
const lost = (url: string) =>
  `GitHub hands the key out only once. Delete the App on GitHub (${url}), mend the place, and begin again at /setup.`;

/** What a person can do about the fault is said on the page; it is no failure of this process. */
async function attempt<T>(work: () => Promise<T>): Promise<{ value: T } | { fault: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { fault: messageOf(error).replace(/\.$/, "") };
  }
}
