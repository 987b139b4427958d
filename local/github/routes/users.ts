// People, and what a token may still ask for.
import { rateOf } from "../access/rate-limits.ts";
import { accountOf, findAccount } from "../lookups.ts";
import { must } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showProfile } from "../shapes/account.ts";

export const userRoutes: Route[] = [
  {
    method: "GET",
    path: "/user",
    permission: "user",
    handler: ({ hub, actor }) => ({ body: showProfile(hub, accountOf(actor)) }),
  },
  {
    method: "GET",
    path: "/users/{username}",
    permission: "none",
    handler: ({ hub, param }) => ({ body: showProfile(hub, must(findAccount(hub, param("username")))) }),
  },
  { method: "GET", path: "/user/{account_id}", permission: "none", handler: getUserById },
  { method: "GET", path: "/rate_limit", permission: "none", handler: showLimits },
];

function getUserById({ hub, id }: ApiRequest) {
  const wanted = id("account_id");
  const account = [...hub.accounts.values()].find((one) => one.id === wanted);
  return { body: showProfile(hub, must(account)) };
}

function showLimits({ hub, actor }: ApiRequest) {
  const search = { limit: 30, used: 0, remaining: 30, reset: Math.ceil(Date.now() / 1000) + 60 };
  const core = rateOf(hub, actor, "core");
  return { body: { resources: { core, search, graphql: rateOf(hub, actor, "graphql") }, rate: core } };
}
