import { refusal } from "./refusals.ts";

export interface Slice {
  first?: number | null;
  last?: number | null;
}

const most = 100;

/** A part of a list, from its beginning or its end, as GitHub's connections are: one of both has to be said. */
export function connection<T, Shown>(items: T[], { first, last }: Slice, show: (item: T) => Shown) {
  const count = first ?? last;
  if (count === undefined || count === null) {
    throw refusal(
      "MISSING_PAGINATION_BOUNDARIES",
      "You must provide a `first` or `last` value to properly paginate.",
    );
  }
  if (count < 0 || count > most) {
    throw refusal(
      "EXCESSIVE_PAGINATION",
      `Requesting ${count} records exceeds the limit of ${most} records.`,
    );
  }
  const part =
    first === undefined || first === null
      ? items.slice(Math.max(0, items.length - count))
      : items.slice(0, count);
  return { nodes: part.map(show), totalCount: items.length };
}
