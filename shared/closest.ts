/** Words of people may be long, and comparing takes the product of both lengths. */
const longest = 100;

/** The word that was probably meant, or undefined when none is near. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const typed = word.slice(0, longest).toLowerCase();
  const near = [...known]
    .map((candidate) => ({ candidate, distance: distance(typed, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)));
  return near.sort((one, other) => one.distance - other.distance)[0]?.candidate;
}

/** As a sentence that follows another one, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = closest(word, known);
  return meant ? ` Did you mean \`${meant}\`?` : "";
}

/** How many letters have to be put in, taken out, changed or swapped with the next to make one word of the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[line - 1] === to[column - 1];
      const change = (row[column - 1] ?? 0) + (isSame ? 0 : 1);
      const isSwapped = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
      const swap = isSwapped ? (before[column - 2] ?? 0) + 1 : change;
      next.push(Math.min(change, swap, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}
