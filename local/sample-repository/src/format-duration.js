import { units } from "./units.js";

/**
 * Writes a duration, the largest unit first: `1h 30m`.
 *
 * @param {number} milliseconds
 * @returns {string}
 */
export function formatDuration(milliseconds) {
  let rest = Math.abs(Math.round(milliseconds));
  const parts = [];
  for (const [unit, length] of Object.entries(units)) {
    const amount = Math.floor(rest / length);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * length;
  }
  if (parts.length === 0) return "0s";
  return (milliseconds < 0 ? "-" : "") + parts.join(" ");
}
