import { units } from "./units.js";

const part = /(-?\d+(?:\.\d+)?)\s*(ms|[wdhms])\s*/y;

/**
 * Reads a duration such as `1h 30m`.
 *
 * @param {string} text
 * @returns {number} milliseconds
 */
export function parseDuration(text) {
  const source = text.trim();
  const seen = new Set();
  let total = 0;

  part.lastIndex = 0;
  while (part.lastIndex < source.length) {
    const start = part.lastIndex;
    const match = part.exec(source);
    if (!match) throw new SyntaxError(`Expected a number and a unit at "${source.slice(start)}"`);

    const [, amount, unit] = match;
    if (seen.has(unit)) throw new SyntaxError(`The unit ${unit} occurs twice in "${source}"`);
    seen.add(unit);
    total += Number(amount) * units[unit];
  }
  if (seen.size === 0) throw new SyntaxError("Expected a duration, got an empty text");
  return total;
}
