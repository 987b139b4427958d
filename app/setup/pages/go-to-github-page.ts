import { html } from "hono/html";
import type { Manifest } from "../manifest.ts";
import { layout } from "./layout.ts";

/** Sends the manifest on to GitHub, by itself or, without scripts, by a click. `action` holds the state. */
export function goToGitHubPage({ action, manifest }: { action: string; manifest: Manifest }) {
  return layout({
    title: "On to GitHub",
    script: "send",
    content: html`<section><p>GitHub shows you the App and lets you change its name. Then it sends you back here.</p>
      <form method="post" action="${action}"><input type="hidden" name="manifest" value="${JSON.stringify(manifest)}">
      <button>Go on to GitHub</button></form></section>`,
  });
}
