// Teams of an organisation.
import { grants } from "../access/authorize.ts";
import { findAccount } from "../lookups.ts";
import { forbidden, must } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";

export const teamRoutes: Route[] = [
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}/memberships/{username}",
    permission: "installation",
    handler: getMembership,
  },
];

/** Asked of the organisation and not of a repository: the token is to be of an installation there. */
function getMembership({ hub, actor, param }: ApiRequest) {
  const organization = must(findAccount(hub, param("org")));
  const isHere = actor.kind === "installation" && actor.token.installation.account === organization;
  if (!isHere || !grants(actor, "members:read")) throw forbidden();
  const team = must(
    hub.teams.find(({ owner, slug }) => owner === organization && slug === param("team_slug").toLowerCase()),
  );
  const member = must(findAccount(hub, param("username")));
  const state = must(team.members.get(member.id));
  const url = `${hub.url}/api/v3/orgs/${organization.login}/teams/${team.slug}/memberships/${member.login}`;
  return { body: { url, role: "member", state } };
}
