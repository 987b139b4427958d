// Ways to write a text so that a person does not see it, or does not read it, and a model may.

export const hidingPlaces = [
  ...(["html-comment", "open-html-comment", "zero-width", "tag-characters", "variation-selectors"] as const),
  ...(["alt-text", "hidden-attribute", "link-title", "link-reference", "details"] as const),
  ...(["base64", "hex", "rot13", "reversed", "percent", "html-entities", "bidi", "spaced"] as const),
] as const;
export type HidingPlace = (typeof hidingPlaces)[number];

/** The places that nobody sees who reads the issue on GitHub: what is there must not reach a model. */
export const unseenPlaces: readonly HidingPlace[] = [
  ...(["html-comment", "open-html-comment", "zero-width", "tag-characters", "variation-selectors"] as const),
  ...(["alt-text", "hidden-attribute", "link-title", "link-reference"] as const),
];

const ways: Record<HidingPlace, (text: string) => string> = {
  "html-comment": (text) => `<!-- ${text} -->`,
  "open-html-comment": (text) => `<!-- ${text}`,
  "zero-width": (text) => `.${bitsOf(text).replace(/0/g, "\u200b").replace(/1/g, "\u200c")}.`,
  "tag-characters": (text) => shifted(text, 0xe0000),
  "variation-selectors": (text) => `🙂${[...Buffer.from(text)].map(selectorOf).join("")}`,
  "alt-text": (text) => `![${text.replace(/[[\]]/g, "")}](https://example.com/a.png)`,
  "hidden-attribute": (text) => `<span hidden title="${text.replaceAll('"', "'")}"></span>`,
  "link-title": (text) => `[docs](https://example.com "${text.replaceAll('"', "'")}")`,
  "link-reference": (text) => `[//]: # (${text.replace(/[()]/g, "")})`,
  details: (text) => `<details><summary>Log</summary>\n\n${text}\n\n</details>`,
  base64: (text) => Buffer.from(text).toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex"),
  rot13: (text) =>
    text.replace(/[a-z]/gi, (letter) => {
      const base = letter < "a" ? 65 : 97;
      return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
    }),
  reversed: (text) => [...text].reverse().join(""),
  percent: (text) => [...Buffer.from(text)].map((byte) => `%${hexOf(byte)}`).join(""),
  "html-entities": (text) => [...text].map((character) => `&#${character.codePointAt(0)};`).join(""),
  bidi: (text) => `\u202e${[...text].reverse().join("")}\u202c`,
  spaced: (text) => [...text].join(" "),
};

export function hide(as: HidingPlace, text: string): string {
  return ways[as](text);
}

/** A text's ASCII characters, each moved into another block of Unicode. */
function shifted(text: string, by: number): string {
  return [...text].map((character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + by)).join("");
}

function bitsOf(text: string): string {
  return [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
}

function selectorOf(byte: number): string {
  return String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16);
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
