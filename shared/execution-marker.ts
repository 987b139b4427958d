// What AFU-9 writes on GitHub says, hidden, which execution wrote it.

const form = /<!-- afu9:execution:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) -->/g;

export function executionMarker(id: string): string {
  return `<!-- afu9:execution:${id} -->`;
}

/** The executions that a text is marked with. Anybody may write a marker, so it matters who wrote the text. */
export function executionsIn(text: string): string[] {
  return [...text.matchAll(form)].flatMap(([, id]) => id ?? []);
}
