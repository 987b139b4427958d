import { html } from "hono/html";
import type { Account, App } from "../hub.ts";
import { layout } from "../pages/layout.ts";
import type { Manifest } from "./manifest.ts";

type NewApp = { manifest: Manifest; text: string; state: string; owners: Account[]; fault: string };

export function newAppPage({ manifest, text, state, owners, fault }: NewApp) {
  const permissions = Object.entries(manifest.default_permissions);
  return layout(
    "Create GitHub App",
    html`<h1>Create GitHub App</h1>
    ${fault ? html`<p role="alert"><b>${fault}</b></p>` : ""}
    <form method="post" action="/settings/apps/manifests">
      <input type="hidden" name="manifest" value="${text}"><input type="hidden" name="state" value="${state}">
      <p><label>GitHub App name <input name="name" value="${manifest.name ?? ""}" required></label></p>
      <p><label>Owner ${accountSelect("owner", owners)}</label></p>
      <p><button>Create GitHub App</button></p>
    </form>
    <h2>Permissions</h2><table>${permissions.map(
      ([name, level]) => html`<tr><td>${name}</td><td>${level}</td></tr>`,
    )}</table>
    <h2>Events</h2><p>${manifest.default_events.join(", ")}</p>
    <h2>Webhook</h2><p>${manifest.hook_attributes?.url ?? "none"}</p>`,
  );
}

/** In GitHub's words. */
export function refusalPage(faults: string[]) {
  return layout(
    "Invalid GitHub App configuration",
    html`<h1>Invalid GitHub App configuration</h1>
    <p>The configuration does not appear to be a valid GitHub App manifest.</p>
    <ul>${faults.map((fault) => html`<li>Error ${fault}</li>`)}</ul>`,
  );
}

export function appPage(app: App) {
  return layout(
    app.name,
    html`<h1>${app.name}</h1><p class="muted">An App of ${app.owner.login}</p>
    <p><a href="/apps/${app.slug}/installations/new">Install</a></p>`,
  );
}

export function installPage(app: App, accounts: Account[]) {
  return layout(
    `Install ${app.name}`,
    html`<h1>Install ${app.name}</h1>
    <form method="post" action="/apps/${app.slug}/installations">
      <p><label>Where ${accountSelect("account", accounts)}</label></p>
      <p class="muted">All repositories of the account, also those to come.</p>
      <p><button>Install</button></p>
    </form>`,
  );
}

function accountSelect(name: string, accounts: Account[]) {
  return html`<select name="${name}" required>${accounts.map(
    ({ login }) => html`<option>${login}</option>`,
  )}</select>`;
}
