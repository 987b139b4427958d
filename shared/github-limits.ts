// GitHub's limits as its answers tell them: the hour's requests of each resource, and the "secondary" ones on bursts.
import { throttling } from "@octokit/plugin-throttling";

export type Request = { method: string; url: string; query?: unknown };
export type Answer = { status: number; headers: Record<string, string | number | undefined>; data?: unknown };

/** Until when nothing of the resource may be sent. `secondary` stands for all of them. */
export type Wait = { resource: string; seconds: number };
export const secondary = "secondary";

/** Where GitHub does not say how long to wait, it wants a minute at least. */
const unsaidSeconds = 60;

/** The resource whose hour (or minute) a request counts for. */
export function resourceOf({ url }: Request): string {
  const { pathname } = new URL(url, "https://github.test");
  if (pathname.endsWith("/graphql")) return "graphql";
  if (pathname.endsWith("/search/code")) return "code_search";
  return pathname.includes("/search/") ? "search" : "core";
}

/** Whether a request makes something that people are told of. GitHub allows 80 of these a minute and 500 an hour. */
export function createsContent(request: Request): boolean {
  if (resourceOf(request) === "graphql") return tells(String(request.query ?? ""));
  if (["GET", "HEAD"].includes(request.method)) return false;
  return throttling.triggersNotification(new URL(request.url, "https://github.test").pathname);
}

/** What makes or changes something that nobody is told of. */
const quiet = [
  ...["createCommitOnBranch", "addReaction", "createCheckRun", "updateCheckRun", "updateIssueComment"],
  ...["addLabelsToLabelable", "removeLabelsFromLabelable"],
];

function tells(query: string): boolean {
  if (!/^\s*mutation\b/.test(query)) return false;
  const mutations = [...query.matchAll(/(\w+)\s*\(\s*input\s*:/g)].map(([, name = ""]) => name);
  return mutations.length === 0 || mutations.some((name) => !quiet.includes(name));
}

/** The wait that an answer asks for. */
export function waitAskedBy(answer: Answer): Wait | undefined {
  const { headers } = answer;
  const retryAfter = Number(headers["retry-after"]);
  if (isRefusal(answer) && retryAfter > 0) return { resource: secondary, seconds: retryAfter };
  if (String(headers["x-ratelimit-remaining"]) === "0") {
    const resource = String(headers["x-ratelimit-resource"] ?? "core");
    return { resource, seconds: secondsUntilReset(headers) };
  }
  return isRefusal(answer) ? { resource: secondary, seconds: unsaidSeconds } : undefined;
}

/** Whether an answer is a limit's, and not that of a permission which is missing. */
export function isRefusal({ status, headers, data }: Answer): boolean {
  if (status === 429) return true;
  if (status === 200) return hasLimitError(data);
  if (status !== 403) return false;
  const { message } = Object(data) as { message?: unknown };
  const isTold = headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0";
  return isTold || /\b(rate limit|abuse detection)\b/i.test(String(message ?? ""));
}

/** GraphQL says it in an answer that is no error by its status. */
function hasLimitError(data: unknown): boolean {
  const { errors } = Object(data) as { errors?: unknown };
  return Array.isArray(errors) && errors.some((error) => Object(error).type === "RATE_LIMITED");
}

/** By GitHub's own clock, which says when it answered. */
function secondsUntilReset(headers: Answer["headers"]): number {
  const reset = Number(headers["x-ratelimit-reset"]);
  const now = Date.parse(String(headers.date ?? "")) || Date.now();
  return Number.isFinite(reset) ? Math.max(1, Math.ceil(reset - now / 1_000)) : unsaidSeconds;
}
