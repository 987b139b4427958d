// What an App does as itself: its installations, its tokens, its webhook deliveries.

import { reachable } from "../access/authorize.ts";
import { createInstallationToken, tokenRequest } from "../access/installation-tokens.ts";
import { enqueueDelivery } from "../events/deliver.ts";
import type { App, Delivery, InstallationToken, Repository } from "../hub.ts";
import { covers } from "../lookups.ts";
import { cursorPage, page } from "../rest/page.ts";
import { must } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showApp } from "../shapes/account.ts";
import { showInstallation } from "../shapes/installation.ts";
import { showFullRepository } from "../shapes/repository.ts";

export const appRoutes: Route[] = [
  {
    method: "GET",
    path: "/app",
    permission: "app",
    handler: (request) => ({ body: showApp(request.hub, caller(request)) }),
  },
  {
    method: "GET",
    path: "/app/hook/config",
    permission: "app",
    handler: (request) => ({ body: showHook(caller(request)) }),
  },
  {
    method: "POST",
    path: "/app-manifests/{code}/conversions",
    permission: "none",
    handler: convertManifest,
  },
  { method: "GET", path: "/app/installations", permission: "app", handler: listInstallations },
  {
    method: "GET",
    path: "/app/installations/{installation_id}",
    permission: "app",
    handler: (request) => ({ body: showInstallation(request.hub, ownInstallation(request)) }),
  },
  {
    method: "POST",
    path: "/app/installations/{installation_id}/access_tokens",
    permission: "app",
    handler: createToken,
  },
  { method: "DELETE", path: "/installation/token", permission: "installation", handler: revokeToken },
  {
    method: "GET",
    path: "/installation/repositories",
    permission: "installation",
    handler: listRepositories,
  },
  { method: "GET", path: "/repos/{owner}/{repo}/installation", permission: "app", handler: getInstallation },
  { method: "GET", path: "/app/hook/deliveries", permission: "app", handler: listDeliveries },
  {
    method: "GET",
    path: "/app/hook/deliveries/{delivery_id}",
    permission: "app",
    handler: (request) => ({ body: showDelivery(ownDelivery(request)) }),
  },
  {
    method: "POST",
    path: "/app/hook/deliveries/{delivery_id}/attempts",
    permission: "app",
    handler: redeliver,
  },
];

function caller({ actor }: ApiRequest): App {
  return must(actor.kind === "app" ? actor.app : undefined);
}

function showHook({ webhookUrl, webhookSecret }: App) {
  const secret = webhookSecret ? { secret: "********" } : {};
  return { url: webhookUrl, content_type: "json", insecure_ssl: "0", ...secret };
}

/** The code is the only proof that is needed, so it counts once. */
function convertManifest({ hub, param }: ApiRequest) {
  const conversion = hub.conversions.get(param("code"));
  hub.conversions.delete(param("code"));
  const { app, privateKey, clientSecret } = must(
    conversion && conversion.expiresAt > Date.now() ? conversion : undefined,
  );
  const secrets = {
    client_secret: clientSecret,
    webhook_secret: app.webhookSecret || null,
    pem: privateKey,
  };
  return { status: 201, body: { ...showApp(hub, app), ...secrets } };
}

function ownInstallations(request: ApiRequest) {
  return request.hub.installations.filter(({ app }) => app === caller(request));
}

function ownInstallation(request: ApiRequest) {
  return must(ownInstallations(request).find(({ id }) => id === request.id("installation_id")));
}

function listInstallations(request: ApiRequest) {
  return page(request, ownInstallations(request), (one) => showInstallation(request.hub, one));
}

function getInstallation(request: ApiRequest) {
  const found = ownInstallations(request).find((installation) => covers(installation, request.repository));
  return { body: showInstallation(request.hub, must(found)) };
}

function createToken(request: ApiRequest) {
  const { hub } = request;
  const asked = request.input(tokenRequest, "InstallationToken");
  const { value, token } = createInstallationToken(hub, ownInstallation(request), asked);
  const { repositoryIds } = token;
  const named = hub.repositories.filter(({ id }) => repositoryIds?.has(id));
  return {
    status: 201,
    body: {
      token: value,
      expires_at: new Date(token.expiresAt).toISOString(),
      permissions: token.permissions,
      repository_selection: selection(token),
      ...(repositoryIds
        ? { repositories: named.map((one) => showFullRepository(hub, one, request.actor)) }
        : {}),
    },
  };
}

function selection({ repositoryIds, installation }: InstallationToken): string {
  return repositoryIds || installation.repositoryIds ? "selected" : "all";
}

function revokeToken({ hub, actor }: ApiRequest) {
  for (const [value, token] of hub.tokens) {
    if (actor.kind === "installation" && token === actor.token) hub.tokens.delete(value);
  }
  return { status: 204 };
}

function listRepositories(request: ApiRequest) {
  const { hub, actor } = request;
  const repositories = reachable(hub, actor);
  const show = (repository: Repository) => showFullRepository(hub, repository, actor);
  const wrap = (shown: unknown[]) => ({
    total_count: repositories.length,
    ...(actor.kind === "installation" ? { repository_selection: selection(actor.token) } : {}),
    repositories: shown,
  });
  return page(request, repositories, show, wrap);
}

function ownDelivery(request: ApiRequest): Delivery {
  const id = request.id("delivery_id");
  return must(request.hub.deliveries.find((one) => one.id === id && one.app === caller(request)));
}

function listDeliveries(request: ApiRequest) {
  const own = request.hub.deliveries.filter(({ app }) => app === caller(request)).reverse();
  return cursorPage(request, own, showDeliveryInList);
}

function showDeliveryInList(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function showDelivery(delivery: Delivery) {
  return {
    ...showDeliveryInList(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.body) },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}

function redeliver(request: ApiRequest) {
  enqueueDelivery(request.hub, ownDelivery(request), true);
  return { status: 202, body: {} };
}
