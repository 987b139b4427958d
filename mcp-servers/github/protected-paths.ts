// Paths that no change of AFU-9's may touch: who can change them decides what runs with the repository's rights, who has
// to agree, and what AFU-9 itself may do.

/** Protected everywhere. Lock files are not among them: a new dependency changes them. */
export const alwaysProtected = [
  ".github/workflows/",
  ".github/actions/",
  ".github/afu9.yml",
  ".github/afu9/",
  // Where GitHub looks for it
  ...["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"].map((path) => `/${path}`),
  // Run on the machines of whoever works on the repository
  ".githooks/",
  ".husky/",
];

/**
 * The pattern that protects a path, if one does. `*` stands for a part of a name, `**` for any folders; a folder ends
 * in a slash; a name without a slash is meant in every folder. Upper and lower case are the same.
 */
export function protectedBy(path: string, patterns: string[]): string | undefined {
  const segments = path.toLowerCase().split("/");
  return patterns.find((pattern) => {
    const parts = partsOf(pattern.toLowerCase());
    return fits(segments, parts, "**", isNamed) || isFolderOf(segments, parts);
  });
}

function partsOf(pattern: string): string[] {
  const isAnywhere = !pattern.slice(0, -1).includes("/");
  const path = pattern.replace(/^\//, "").replace(/\/$/, "/**");
  return [...(isAnywhere ? ["**"] : []), ...path.split("/")];
}

/** A file in place of a folder takes away what is in it. */
function isFolderOf(segments: string[], parts: string[]): boolean {
  const wild = parts.findIndex((part) => /[*?]/.test(part));
  const literal = wild < 0 ? parts : parts.slice(0, wild);
  return segments.length < literal.length && segments.every((segment, index) => segment === literal[index]);
}

function isNamed(segment: string, part: string): boolean {
  return fits([...segment], [...part], "*", (character, one) => one === "?" || one === character);
}

/** Whether items fit a pattern, in which `star` stands for any number of them. It never looks back further than one star. */
function fits(
  items: string[],
  pattern: string[],
  star: string,
  isSame: (item: string, part: string) => boolean,
): boolean {
  let [at, part, afterStar, starAt] = [0, 0, -1, 0];
  while (at < items.length) {
    const wanted = pattern[part];
    if (wanted === star) {
      part += 1;
      [afterStar, starAt] = [part, at];
    } else if (wanted !== undefined && isSame(items[at] ?? "", wanted)) {
      part += 1;
      at += 1;
    } else if (afterStar >= 0) {
      starAt += 1;
      [part, at] = [afterStar, starAt];
    } else return false;
  }
  return pattern.slice(part).every((rest) => rest === star);
}
