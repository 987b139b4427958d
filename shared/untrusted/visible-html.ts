// Of HTML only what a reader sees: no comments, no hidden elements, no attributes but where a link leads.
import { Parser } from "htmlparser2";

const hidingStyle =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?![.\d]*[1-9])|font-size\s*:\s*0|(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*0|text-indent\s*:\s*-|color\s*:\s*(?:transparent|white|#fff)/i;
const withoutContent = new Set([
  "br",
  "hr",
  "img",
  "input",
  "source",
  "wbr",
  "link",
  "meta",
  "area",
  "col",
  "embed",
]);

export const anImage = "[an image]";

/** Text with tags, as they stand in Markdown. A hidden element or a comment that does not end hides all that follows. */
export function visibleHtml(text: string): string {
  let shown = "";
  let hiding: { name: string; depth: number } | undefined;
  const show = (part: string) => {
    if (!hiding) shown += part;
  };
  const parser = new Parser(
    {
      ontext: show,
      onopentag(name, attributes) {
        if (hiding?.name === name) hiding.depth += 1;
        if (!hiding && isHidden(attributes) && !withoutContent.has(name)) hiding = { name, depth: 1 };
        else show(tag(name, attributes));
      },
      onclosetag(name, isImplied) {
        if (isImplied || withoutContent.has(name)) return;
        show(`</${name}>`);
        if (hiding?.name === name && --hiding.depth === 0) hiding = undefined;
      },
      oncdatastart: () => {
        hiding ??= { name: "", depth: 1 };
      },
      oncdataend: () => {
        if (hiding?.name === "") hiding = undefined;
      },
    },
    // Without the modes of HTML, in which a tag such as <title> would keep comments as text.
    { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true, decodeEntities: false },
  );
  parser.end(text);
  return shown;
}

function isHidden({ hidden, style }: Record<string, string>): boolean {
  return (
    hidden !== undefined || (style !== undefined && hidingStyle.test(style.replace(/\/\*.*?\*\//gs, "")))
  );
}

function tag(name: string, { href }: Record<string, string>): string {
  if (name === "img") return anImage;
  const target = name === "a" && href ? ` href="${href}"` : "";
  return `<${name}${target}>`;
}
