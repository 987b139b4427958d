import { html } from "hono/html";
import { layout } from "./layout.ts";

/** `shown` is what the status says until AFU-9 is up with its App. */
export function waitingPage({ slug, place, shown }: { slug: string; place: string; shown: string }) {
  return layout({
    title: "AFU-9 starts with its App",
    script: "watch",
    shown,
    setup: "../setup",
    content: html`<section><p role="status">The App <code>${slug}</code> is made, and its key is in <code>${place}</code>. AFU-9 starts with it;
      in a few seconds this page shows what is still missing.</p>
      <p><a class="button" href="../setup">Go on</a></p></section>`,
  });
}
