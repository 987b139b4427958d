// The frame of the set-up's pages. Nothing is loaded from anywhere: style and script are in the page, and the policy names their hashes.
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --soft: light-dark(#57606a, #a5adb8); --ground: light-dark(#f5f6f8, #12151a); --sheet: light-dark(#fff, #1b2027); --line: light-dark(#d4d8de, #363d47); --main: light-dark(#0b57b0, #8ab8ff); --on: light-dark(#fff, #0b1a2e); --good: light-dark(#116329, #56d47a); --bad: light-dark(#a40e26, #ff9aa6); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
.brand { color: var(--soft); font-weight: 600; letter-spacing: .02em; margin: 0 0 .25rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
p { margin: 0 0 .9rem; } .soft { color: var(--soft); } small { color: var(--soft); font-size: .9rem; }
section { background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem 1.4rem; margin: 1.25rem 0; }
a { color: var(--main); }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; } legend, .name { font-weight: 600; display: block; padding: 0; margin: 0 0 .35rem; }
label.choice { display: block; margin: .25rem 0; }
input[type=text], input[type=url] { font: inherit; width: 100%; padding: .5rem .65rem; border: 1px solid var(--soft); border-radius: .4rem; background: var(--sheet); color: inherit; }
button, a.button { display: inline-block; font: inherit; font-weight: 600; padding: .55rem 1.1rem; border: 0; border-radius: .4rem; background: var(--main); color: var(--on); cursor: pointer; text-decoration: none; }
button.quiet { background: none; color: var(--main); border: 1px solid var(--line); }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
code { font: .9em ui-monospace, monospace; }
code.line { display: block; background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; padding: .45rem .7rem; overflow-x: auto; margin: .4rem 0; user-select: all; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-top: 1px solid var(--line); } thead th { border: 0; color: var(--soft); }
ul.list { list-style: none; padding: 0; margin: 0; } ul.list > li { display: grid; grid-template-columns: 2rem 1fr; padding: .8rem 0; border-top: 1px solid var(--line); } ul.list > li:first-child { border: 0; }
.mark { font-size: 1.15rem; line-height: 1.4; font-weight: 700; } .done .mark { color: var(--good); } .missing .mark { color: var(--bad); }
li p { margin: .1rem 0 .4rem; } .alert { border-color: var(--bad); border-left-width: .35rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
summary { cursor: pointer; font-weight: 600; }
`;

/** Looks whether there is something new, also while the process behind it changes, and then shows it. */
const watchScript = `
const { shown, setup } = document.body.dataset;
setInterval(async () => {
  try {
    const response = await fetch(setup + "/status", { cache: "no-store" });
    if (!response.ok || (await response.json()).shown !== shown) location.replace(setup);
  } catch {}
}, 1500);
`;
const sendScript = "document.forms[0].submit();";

const scripts = { watch: watchScript, send: sendScript };
const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Everything is forbidden but what these pages do. Forms go to AFU-9 itself and to GitHub. */
export function contentSecurityPolicy(githubUrl: string): string {
  return [
    "default-src 'none'",
    `style-src ${sha256(style)}`,
    `script-src ${Object.values(scripts).map(sha256).join(" ")}`,
    "connect-src 'self'",
    `form-action 'self' ${new URL(githubUrl).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export type Page = {
  title: string;
  content: unknown;
  /** `watch` needs `shown`: what the status says as long as the page is up to date. */
  script?: keyof typeof scripts;
  shown?: string;
  /** Where the set-up is, seen from the page. */
  setup?: string;
};

export function layout({ title, content, script, shown = "", setup = "setup" }: Page) {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · AFU-9</title><style>${raw(style)}</style></head>
<body data-shown="${shown}" data-setup="${setup}"><main><p class="brand">AFU-9</p><h1>${title}</h1>
${content}</main>${script ? html`<script>${raw(scripts[script])}</script>` : ""}</body></html>`;
}

/** A page that only says something. */
export function notice(title: string, ...paragraphs: string[]) {
  return layout({
    title,
    content: html`<section>${paragraphs.map((text) => html`<p>${text}</p>`)}</section>`,
  });
}
