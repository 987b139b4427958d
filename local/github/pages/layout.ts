import { html, raw } from "hono/html";

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
a { color: light-dark(#0759b8, #74b3ff); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .5rem 0; } h1 small, .muted { opacity: .65; font-weight: 400; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.badge { display: inline-block; border-radius: 2rem; padding: .1rem .7rem; font-size: .85rem; color: #fff; background: #57606a; }
.open, .success { background: #1a7f37; } .closed, .failure { background: #cf222e; } .merged { background: #8250df; } .label { color: inherit; background: none; border: 1px solid var(--line); }
.card { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; overflow: hidden; }
.card > header { background: var(--soft); padding: .4rem .9rem; border-bottom: 1px solid var(--line); font-size: .9rem; }
.card > .text { padding: .7rem .9rem; overflow-wrap: anywhere; } .text > :first-child { margin-top: 0; } .text > :last-child { margin-bottom: 0; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
pre { margin: 0; padding: .7rem .9rem; overflow-x: auto; font: 12.5px/1.45 ui-monospace, monospace; }
pre span { display: block; min-height: 1.45em; } .add { background: #2da44e26; } .del { background: #cf222e26; } .at { color: #8250df; background: var(--soft); }
code { font: .9em ui-monospace, monospace; }
`;

/** A whole page. The content is HTML that was escaped when it was made. */
export function layout(title: string, content: unknown) {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${raw(style)}</style></head>
<body><nav><a href="/">Local GitHub</a></nav>${content}</body></html>`;
}
