// How people make an App from a manifest and install it: GitHub's pages for that. Nobody signs in to a local GitHub, so they say who they are.
import { randomBytes } from "node:crypto";
import type { Context, Hono } from "hono";
import { addApp, isTaken } from "../actions/add-app.ts";
import { installApp } from "../actions/install-app.ts";
import type { Account, Hub } from "../hub.ts";
import { findAccount } from "../lookups.ts";
import type { Environment } from "../rest/environment.ts";
import { must } from "../rest/problem.ts";
import { readManifest } from "./manifest.ts";
import { appPage, installPage, newAppPage, refusalPage } from "./pages.ts";

const anHour = 3_600_000;

export function serveManifests(server: Hono<Environment>, hub: Hub): void {
  server.post("/settings/apps/new", (c) => offerApp(c, hub));
  server.post("/organizations/:org/settings/apps/new", (c) => offerApp(c, hub));
  server.post("/settings/apps/manifests", (c) => createApp(c, hub));
  server.get("/apps/:slug", (c) => c.html(appPage(appIn(c, hub))));
  server.get("/apps/:slug/installations/new", (c) =>
    c.html(installPage(appIn(c, hub), accountsOf(hub, ["User", "Organization"]))),
  );
  server.post("/apps/:slug/installations", (c) => install(c, hub));
}

/** Shows what would be made, to be agreed with. */
async function offerApp(c: Context, hub: Hub) {
  const { manifest: text } = await fields(c);
  const org = c.req.param("org");
  const owners = org ? [organization(hub, org)] : accountsOf(hub, ["User"]);
  const read = readManifest(text);
  if ("faults" in read) return c.html(refusalPage(read.faults), 422);
  const { manifest } = read;
  return c.html(newAppPage({ manifest, text, state: c.req.query("state") ?? "", owners, fault: "" }));
}

async function createApp(c: Context, hub: Hub) {
  const { manifest: text, name, owner: login, state } = await fields(c);
  const read = readManifest(text);
  if ("faults" in read) return c.html(refusalPage(read.faults), 422);
  const { manifest } = read;
  const owner = must(findAccount(hub, login));
  const fault = nameFault(hub, name);
  if (fault) return c.html(newAppPage({ manifest, text, state, owners: [owner], fault }), 422);

  const { app, privateKey } = await addApp(hub, {
    name,
    owner,
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    webhookUrl: manifest.hook_attributes?.active ? manifest.hook_attributes.url : "",
    webhookSecret: manifest.hook_attributes ? randomBytes(20).toString("hex") : "",
    externalUrl: manifest.url,
    setupUrl: manifest.setup_url,
  });
  const code = randomBytes(20).toString("hex");
  const clientSecret = randomBytes(20).toString("hex");
  hub.conversions.set(code, { app, privateKey, clientSecret, expiresAt: Date.now() + anHour });
  const target = new URL(manifest.redirect_url ?? `${hub.url}/apps/${app.slug}`);
  target.searchParams.set("code", code);
  if (state) target.searchParams.set("state", state);
  return c.redirect(target.href);
}

function nameFault(hub: Hub, name: string): string {
  if (!name) return "Name can't be blank";
  if (name.length > 34) return "Name is too long (maximum is 34 characters)";
  if (isTaken(hub, name) || findAccount(hub, name)) return "Name is already taken";
  return "";
}

async function install(c: Context, hub: Hub) {
  const app = appIn(c, hub);
  const account = must(findAccount(hub, (await fields(c)).account));
  const { id } = installApp(hub, app, { account, repositoryIds: undefined });
  const target = new URL(app.setupUrl ?? `${hub.url}/apps/${app.slug}`);
  target.searchParams.set("installation_id", String(id));
  target.searchParams.set("setup_action", "install");
  return c.redirect(target.href);
}

function appIn(c: Context, hub: Hub) {
  return must(hub.apps.find(({ slug }) => slug === c.req.param("slug")));
}

function organization(hub: Hub, login: string): Account {
  const found = must(findAccount(hub, login));
  return must(found.type === "Organization" ? found : undefined);
}

function accountsOf(hub: Hub, types: Account["type"][]): Account[] {
  return [...hub.accounts.values()].filter(
    ({ type, login }) => types.includes(type) && login !== "app-owner",
  );
}

async function fields(
  c: Context,
): Promise<Record<"manifest" | "name" | "owner" | "state" | "account", string>> {
  const body = await c.req.parseBody();
  const field = (name: string) => (typeof body[name] === "string" ? body[name] : "");
  return {
    manifest: field("manifest"),
    name: field("name").trim(),
    owner: field("owner"),
    state: field("state"),
    account: field("account"),
  };
}
