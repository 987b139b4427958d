import type { z } from "zod";

export type FirstFault = {
  path: PropertyKey[];
  message: string /** A key that nobody knows. */;
  unknown?: string;
};
type Issue = z.core.$ZodIssue;

/** The first thing that is wrong with a request. Of a union it is what is wrong with the member that comes closest. */
export function firstFault({ issues: [first] }: z.ZodError): FirstFault {
  if (!first) return { path: [], message: "invalid" };
  return describe(first);
}

function describe(issue: Issue): FirstFault {
  const { path, message } = issue;
  if (issue.code === "unrecognized_keys") return { path, message, unknown: issue.keys[0] };
  const [closest] = issue.code === "invalid_union" ? [...issue.errors].sort(byDepth) : [];
  if (!closest?.[0]) return { path, message };
  const inner = describe(closest[0]);
  return { ...inner, path: [...path, ...inner.path] };
}

/** What fails deeper inside has fitted so far; a key too many is less than a key that is wrong. */
function byDepth(a: Issue[], b: Issue[]): number {
  const depth = ([issue]: Issue[]) =>
    (issue?.path.length ?? 0) + (issue?.code === "unrecognized_keys" ? 9 : 0);
  return depth(b) - depth(a);
}
