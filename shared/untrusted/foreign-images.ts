// What a model writes for people shows no image from elsewhere: GitHub fetches an image as soon as somebody looks at the
// page, and its address can carry what the model has read.
import { marked } from "marked";

/** Tags that fetch something when they are shown. */
const fetching =
  /<(?=\s*\/?\s*(?:img|image|picture|source|video|audio|track|iframe|embed|object|svg|link|style)\b)/gi;

/** Markdown whose images are the addresses that they would be fetched from, as code. Images on `hosts` stay. */
export function withoutForeignImages(markdown: string, hosts: readonly string[] = []): string {
  if (!/!\[|</.test(markdown)) return markdown;
  let shown = markdown;
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type !== "image" || isOn(token.href, hosts)) return;
    shown = shown.replaceAll(token.raw, `\`${String(token.href).replaceAll(/[`\s]/g, "")}\``);
  });
  return shown.replaceAll(fetching, "&lt;");
}

function isOn(href: string, hosts: readonly string[]): boolean {
  return URL.canParse(href) && hosts.includes(new URL(href).host);
}
