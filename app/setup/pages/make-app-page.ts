import { html } from "hono/html";
import type { AppDescription } from "../app-description.ts";
import { webhookPath } from "../manifest.ts";
import { layout } from "./layout.ts";

type MakeApp = {
  description: AppDescription;
  publicUrl: string;
  /** Where the credentials will be kept. */
  place: string;
  /** What was wrong with what was typed, or with the place. */
  fault?: string;
};

export function makeAppPage({ description, publicUrl, place, fault }: MakeApp) {
  const { default_permissions: permissions, default_events: events, reasons } = description;
  return layout({
    title: "Set up AFU-9",
    content: html`<p>AFU-9 works on GitHub as an App of your own. GitHub makes it in two clicks, with just the permissions below, and
      AFU-9 keeps its key in <code>${place}</code>.</p>
    ${fault ? html`<section class="alert" role="alert"><h2>Not yet</h2><p>${fault}</p></section>` : ""}
    <section aria-label="Make the App"><form method="post" action="setup/manifest">
      <p><label class="name" for="publicUrl">Public address</label>
        <input type="url" id="publicUrl" name="publicUrl" value="${publicUrl}" required placeholder="https://afu9.example.com" aria-describedby="publicUrlHelp">
        <small id="publicUrlHelp">Where GitHub reaches this process. Webhooks arrive below it, at <code>${webhookPath}</code>.</small></p>
      ${publicUrl ? "" : howToGetAnAddress}
      <fieldset><legend>Whose App is it?</legend>
        <label class="choice"><input type="radio" name="owner" value="user" checked> My own account's</label>
        <label class="choice"><input type="radio" name="owner" value="organization"> An organisation's, of which I am an owner:</label>
        <label class="hidden" for="organization">The organisation's name</label>
        <input type="text" id="organization" name="organization" placeholder="my-organisation" autocomplete="off" autocapitalize="none">
      </fieldset>
      <p><button>Make the App on GitHub</button></p>
    </form></section>
    ${reasonTable({
      title: "What the App may do",
      head: "Permission",
      rows: Object.entries(permissions).map(([name, level]) => [
        `${name}: ${level}`,
        reasons.permissions[name],
      ]),
    })}
    ${reasonTable({
      title: "What GitHub tells it of",
      head: "Event",
      rows: events.map((name) => [name, reasons.events[name] || "a workflow may wait for it"]),
    })}`,
  });
}

const howToGetAnAddress = html`<details open><summary>This machine has no public address?</summary>
  <p>GitHub can't reach 127.0.0.1. A tunnel gives you an address, in a terminal of its own:</p>
  <code class="line">cloudflared tunnel --url http://127.0.0.1:3000</code>
  <code class="line">ngrok http 3000</code>
  <p>On a server, let a reverse proxy such as Caddy pass an address with HTTPS on to the port. Then type the address above, or put it
    into the file .env as <code>PUBLIC_URL</code>.</p></details>`;

type ReasonTable = { title: string; head: string; rows: [string, string | undefined][] };

function reasonTable({ title, head, rows }: ReasonTable) {
  return html`<section><h2>${title}</h2><div class="scroll"><table><thead><tr><th scope="col">${head}</th><th scope="col">Why</th></tr></thead>
    <tbody>${rows.map(
      ([name, reason]) => html`<tr><th scope="row"><code>${name}</code></th><td>${reason}</td></tr>`,
    )}</tbody></table></div></section>`;
}
