// The languages that AFU-9 answers people in. A text for them has all of them side by side, so that the types say when one is missing.

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];
export type Text = Record<Language, string>;

/** A text that is made of others. */
export function inEach(write: (language: Language) => string): Text {
  return { en: write("en"), de: write("de") };
}

/** What is the same in every language: names, code, and what others wrote. */
export function inAll(text: string): Text {
  return inEach(() => text);
}

/** Texts below one another. What is not there is left out. */
export function paragraphs(...texts: (Text | false | undefined)[]): Text {
  return inEach((language) => texts.flatMap((text) => (text ? [text[language]] : [])).join("\n\n"));
}
