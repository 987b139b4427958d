// Clone, fetch and push over HTTP: git's own http-backend does the work, this decides who may.
import type { Context, Hono } from "hono";
import { authorize, grants, hasRole, inScope } from "../access/authorize.ts";
import { identify } from "../access/identify.ts";
import { changeRefs } from "../actions/change-refs.ts";
import type { Actor, Hub, Repository } from "../hub.ts";
import { accountOf, findMoved, findRepository, fullName } from "../lookups.ts";
import type { Environment } from "../rest/environment.ts";
import { runHttpBackend } from "./run-http-backend.ts";

const services = ["git-upload-pack", "git-receive-pack"] as const;
type Service = (typeof services)[number];

export function serveGit(server: Hono<Environment>, hub: Hub): void {
  server.get("/:owner/:repo/info/refs", (c) => serve(c, hub, c.req.query("service"), "info/refs"));
  for (const service of services) {
    server.post(`/:owner/:repo/${service}`, (c) => serve(c, hub, service, service));
  }
}

async function serve(c: Context<Environment>, hub: Hub, asked: string | undefined, path: string) {
  const service = services.find((one) => one === asked);
  if (!service) return c.text("Please use a git client that speaks the smart HTTP protocol.\n", 403);
  const actor = await identify(hub, c.req.header("authorization")).catch(() => undefined);
  if (!actor) return unauthorized(c, "Invalid username or token.");

  const { owner = "", repo = "" } = c.req.param() as Record<string, string>;
  const name = repo.replace(/\.git$/, "");
  const repository = findRepository(hub, owner, name);
  const moved = repository ? undefined : findMoved(hub, owner, name);
  if (moved) return c.redirect(movedAddress(c.req.url, moved), 301);
  const refusal = refuse(c, { actor, repository, service });
  if (refusal || !repository) return refusal ?? c.text("Repository not found.\n", 404);

  const run = () => runHttpBackend(c, { hub, repository, path, user: service === services[1] ? "git" : "" });
  if (path !== "git-receive-pack") return run();
  // Whoever pushed may look at once: the answer waits until events and pull requests have followed.
  return changeRefs(hub, repository, accountOf(actor), async () => {
    const response = await run();
    return new Response(await response.arrayBuffer(), response);
  });
}

function movedAddress(url: string, moved: Repository): string {
  const address = new URL(url);
  address.pathname = address.pathname.replace(/^\/[^/]+\/[^/]+/, `/${fullName(moved)}.git`);
  return address.href;
}

function unauthorized(c: Context, message: string): Response {
  return c.text(`${message}\n`, 401, { "www-authenticate": 'Basic realm="GitHub"' });
}

interface Wish {
  actor: Actor;
  repository: Repository | undefined;
  service: Service;
}

/** The refusal, or undefined when the actor may. As on GitHub, what one may not see is not there. */
function refuse(c: Context, { actor, repository, service }: Wish): Response | undefined {
  const isPush = service === "git-receive-pack";
  if (actor.kind === "anonymous" && (isPush || repository?.private !== false)) {
    return unauthorized(c, "Authentication is required.");
  }
  if (!repository || !maySee(actor, repository)) return c.text("Repository not found.\n", 404);
  if (isPush && repository.archived) return c.text("This repository was archived so it is read-only.\n", 403);
  if (!isPush || mayPush(actor, repository)) return undefined;
  const name = actor.kind === "app" ? actor.app.slug : accountOf(actor).login;
  return c.text(`Permission to ${fullName(repository)}.git denied to ${name}.\n`, 403);
}

const cloning = { method: "GET", path: "", permission: "contents:read", handler: () => ({}) } as const;

function maySee(actor: Actor, repository: Repository): boolean {
  try {
    authorize(actor, cloning, repository);
    return true;
  } catch {
    return false;
  }
}

function mayPush(actor: Actor, repository: Repository): boolean {
  if (actor.kind === "user") return hasRole(repository, actor.account, "write");
  return inScope(actor, repository) && grants(actor, "contents:write");
}
