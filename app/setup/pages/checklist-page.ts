import { html } from "hono/html";
import type { Item } from "../checklist.ts";
import { layout } from "./layout.ts";

type Checklist = { items: Item[]; shown: string };

/** `shown` is what the status says as long as nothing has changed. */
export function checklistPage({ items, shown }: Checklist) {
  const missing = items.filter(({ isDone }) => !isDone).length;
  return layout({
    title: missing === 0 ? "AFU-9 is set up" : "Almost there",
    ...(missing === 0 ? {} : { script: "watch", shown }),
    content: html`<p role="status">${summary(missing)}</p>
    <section aria-label="Checklist"><ul class="list">${items.map(listItem)}</ul></section>
    ${missing === 0 ? nextSteps : finishForm}`,
  });
}

function summary(missing: number): string {
  if (missing === 0) return "Everything works. This page is closed now.";
  return `${missing === 1 ? "One thing is" : `${missing} things are`} missing. This page follows by itself.`;
}

function listItem({ title, isDone, detail, command, link }: Item) {
  return html`<li class="${isDone ? "done" : "missing"}"><span class="mark" aria-hidden="true">${isDone ? "✓" : "✗"}</span>
    <div><h2>${title}<span class="hidden">: ${isDone ? "done" : "missing"}</span></h2><p>${detail}</p>
    ${command && !isDone ? html`<code class="line">${command}</code>` : ""}
    ${link && !isDone ? html`<p><a class="button" href="${link.url}">${link.text}</a></p>` : ""}</div></li>`;
}

const finishForm = html`<form method="post" action="setup/finish"><p class="soft">You can also leave the rest for later: <code>npm run afu9 -- doctor</code>
  shows it at any time, and <code>npm run afu9 -- setup open</code> opens this page again.</p>
  <button class="quiet">Close the set-up</button></form>`;

const nextSteps = html`<section><h2>What now?</h2><p>Label an issue <code>afu9</code>, or comment <code>/afu9 run</code> on it.
  <code>/afu9 help</code> lists what else there is.</p></section>`;
