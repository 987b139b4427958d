/** An issue or a pull request as GitHub sends it. */
export type Labelled = { labels?: (string | { name?: string | null } | null)[] | null | undefined };

/** The names of its labels in small letters: GitHub tells none apart by upper and lower case. */
export function labelsOf({ labels }: Labelled): Set<string> {
  const names = (labels ?? []).map((label) => (typeof label === "string" ? label : label?.name) ?? "");
  return new Set(names.map((name) => name.toLowerCase()));
}

/** Whether two names are those of one label. */
export function isSameLabel(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
