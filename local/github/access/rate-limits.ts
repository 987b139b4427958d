// The hourly limit of each actor, and GitHub's secondary limit on requests that notify people.
import type { Actor, Hub } from "../hub.ts";
import { Problem } from "../rest/problem.ts";

export type Resource = "core" | "graphql" | "code_search";

/** Searches in code are counted by the minute. */
const codeSearches = { limit: 10, windowMs: 60_000 };

/** A name for whoever asks, in logs and as the key of limits. */
export function actorName(actor: Actor): string {
  if (actor.kind === "anonymous") return "anonymous";
  if (actor.kind === "app") return `app:${actor.app.slug}`;
  if (actor.kind === "user") return `user:${actor.account.login}`;
  return `installation:${actor.token.installation.id}`;
}

/** What the actor may ask for in an hour, has asked for in this one, and when the next one begins (Unix seconds). */
export function rateOf(hub: Hub, actor: Actor, resource: Resource) {
  const limit = limitOf(hub, actor, resource);
  const { used, resetsAt } = currentHour(hub, actor, resource);
  return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetsAt / 1000) };
}

function limitOf(hub: Hub, actor: Actor, resource: Resource): number {
  if (resource === "code_search") return codeSearches.limit;
  return actor.kind === "anonymous" ? 60 : hub.limits.requestsPerHour;
}

function currentHour(hub: Hub, actor: Actor, resource: Resource) {
  const key = `${resource} ${actorName(actor)}`;
  const known = hub.hours.get(key);
  if (known && known.resetsAt > Date.now()) return known;
  const fresh = {
    used: 0,
    resetsAt: Date.now() + (resource === "code_search" ? codeSearches.windowMs : 3_600_000),
  };
  hub.hours.set(key, fresh);
  return fresh;
}

export function countRequest(hub: Hub, actor: Actor, resource: Resource): void {
  currentHour(hub, actor, resource).used += 1;
}

/** Throws a 403 that says until when, once the actor's hour is used up. */
export function admit(hub: Hub, actor: Actor, resource: Resource): void {
  if (rateOf(hub, actor, resource).remaining > 0) return;
  const headers = Object.fromEntries(rateHeaders(hub, actor, resource));
  throw new Problem(403, `API rate limit exceeded for ${actorName(actor)}.`, { headers });
}

/** Throws a 403 with Retry-After when the actor creates content faster than allowed. */
export function admitContent(hub: Hub, actor: Actor): void {
  const limit = hub.limits.contentPerMinute;
  if (limit === null) return;
  const times = hub.contentTimes.get(actorName(actor)) ?? [];
  const recent = times.filter((time) => time > Date.now() - 60_000);
  if (recent.length >= limit) throw secondaryLimit(60);
  hub.contentTimes.set(actorName(actor), [...recent, Date.now()]);
}

export function secondaryLimit(retryAfter: number): Problem {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return new Problem(403, message, { headers: { "retry-after": String(retryAfter) } });
}

export function rateHeaders(hub: Hub, actor: Actor, resource: Resource): [string, string][] {
  const entries = Object.entries({ ...rateOf(hub, actor, resource), resource });
  return entries.map(([name, value]) => [`x-ratelimit-${name}`, String(value)]);
}
