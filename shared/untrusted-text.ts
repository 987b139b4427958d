// Text that people or programs wrote is data for the model. It is cleaned of what a reader can't see, and fenced.

/** Removes what a person does not see and a model would: HTML comments, and invisible or direction-changing characters. */
export function visibleText(text: string): string {
  return text.replace(/<!--[\s\S]*?(?:-->|$)/g, "").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
}

/** Fences text as data under a name. The text can't close the fence. */
export function fenced(name: string, text: string): string {
  return `<data name="${name}">\n${visibleText(text).replace(/<(\/?data\b)/gi, "‹$1")}\n</data>`;
}
