// /setup: makes the GitHub App and shows what is still missing. Closed for everybody but the browser that followed the operator's link.
import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import type { Database } from "../../shared/db.ts";
import type { Logger } from "../../shared/logger.ts";
import { isSetupOpen } from "../../shared/open-setup.ts";
import { type ChecklistDeps, type Item, readChecklist } from "./checklist.ts";
import { type MakeAppDeps, makeApp, offerApp, sendToGitHub } from "./make-app.ts";
import { isLoopback } from "./origin.ts";
import { checklistPage } from "./pages/checklist-page.ts";
import { contentSecurityPolicy, notice } from "./pages/layout.ts";
import { closeSetup, followLink, type Setup, setupOf } from "./session.ts";

export type SetupDeps = {
  db: Database;
  log: Logger;
  publicUrl: string | undefined;
  /** `https://github.com` */
  githubUrl: string;
  /** Before there is an App it can be made; afterwards there is the checklist. */
  phase: { kind: "make-app"; deps: MakeAppDeps } | { kind: "checklist"; deps: ChecklistDeps };
};

const cookie = "afu9_setup";
type Env = { Variables: { setup: Setup } };

export function serveSetup(deps: SetupDeps): Hono {
  const server = new Hono().basePath("/setup");
  const inSetup = new Hono<Env>();
  const { phase } = deps;
  server.use(guard(deps));
  server.get("/installed", async (c) =>
    (await openOf(c, deps)) ? c.redirect("../setup", 303) : c.html(thanks),
  );

  inSetup.use(async (c, next) => {
    const setup = await openOf(c, deps);
    if (!setup) return refuse(c, deps);
    c.set("setup", setup);
    await next();
  });
  inSetup.use(csrf({ origin: (origin) => isOwn(origin, deps) }));
  inSetup.get("/", (c) => showSetup(c, deps));
  inSetup.get("/status", async (c) => c.json({ shown: await shownNow(deps) }));
  inSetup.post("/manifest", bodyLimit({ maxSize: 10_000 }), async (c) =>
    phase.kind === "make-app" ? sendToGitHub(c, c.var.setup, phase.deps) : c.redirect("../setup", 303),
  );
  inSetup.get("/callback", async (c) =>
    phase.kind === "make-app" ? makeApp(c, c.var.setup, phase.deps) : c.redirect("../setup", 303),
  );
  inSetup.post("/finish", async (c) => {
    await closeSetup(deps.db, c.var.setup.id);
    deps.log.info("setup closed by the operator");
    return c.html(notice("The set-up is closed", ...howToReopen));
  });
  server.onError(refuseForeignForms);
  inSetup.onError(refuseForeignForms);
  return server.route("/", inSetup) as unknown as Hono;
}

/** `csrf` throws its refusal. Any other error is for the server. */
function refuseForeignForms(error: Error) {
  if (error instanceof HTTPException) return error.getResponse();
  throw error;
}

/** What is not this set-up's page must not show it, keep it or learn where it is. */
function guard({ githubUrl }: SetupDeps) {
  const headers = secureHeaders({
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    strictTransportSecurity: false,
  });
  const policy = contentSecurityPolicy(githubUrl);
  return async (c: Context, next: () => Promise<void>) => {
    await headers(c, next);
    c.header("content-security-policy", policy);
    c.header("cache-control", "no-store");
  };
}

function openOf(c: Context, { db }: SetupDeps): Promise<Setup | undefined> {
  return setupOf(db, getCookie(c, cookie));
}

/** Who has no set-up open either follows the link now, or is told what there is to do. */
async function refuse(c: Context, { db, publicUrl, log }: SetupDeps) {
  const token = c.req.method === "GET" && c.req.path.endsWith("/setup") ? c.req.query("token") : undefined;
  const browser = token && (await followLink(db, token));
  if (browser) {
    const isSecure = publicUrl?.startsWith("https:") && !isLoopback(c.req.url);
    setCookie(c, cookie, browser, { httpOnly: true, sameSite: "Lax", path: "/", secure: Boolean(isSecure) });
    log.info("setup opened in a browser");
    return c.redirect("setup", 303);
  }
  if (await isSetupOpen(db)) return c.html(notice("Open the link of the set-up", ...howToOpen), 403);
  return c.html(notice("The set-up is closed", ...howToReopen), 404);
}

const howToReopen = [
  "AFU-9 is set up, or was left for later. Only its operator can open this page again, where it runs:",
  "npm run afu9 -- setup open",
];
const howToOpen = [
  "AFU-9 is being set up. The link that `npm start` printed opens this page, once and in one browser.",
  "Its operator gets a new one with: npm run afu9 -- setup open",
];
const thanks = notice(
  "AFU-9 is installed",
  "Label an issue afu9, or comment /afu9 run on it. /afu9 help lists what else there is.",
);

/** Forms are taken from pages of this server only: at its public address, or on this machine. */
function isOwn(origin: string, { publicUrl }: SetupDeps): boolean {
  return isLoopback(origin) || (publicUrl !== undefined && new URL(publicUrl).origin === origin);
}

async function showSetup(c: Context<Env>, deps: SetupDeps) {
  if (deps.phase.kind === "make-app") return offerApp(c, deps.phase.deps);
  const items = await readChecklist(deps.phase.deps);
  if (items.every(({ isDone }) => isDone)) {
    await closeSetup(deps.db, c.var.setup.id);
    deps.log.info("setup closed: nothing is missing");
  }
  return c.html(checklistPage({ items, shown: fingerprint(items) }));
}

async function shownNow({ phase }: SetupDeps): Promise<string> {
  return phase.kind === "make-app" ? "make-app" : fingerprint(await readChecklist(phase.deps));
}

function fingerprint(items: Item[]): string {
  return createHash("sha256").update(JSON.stringify(items)).digest("hex").slice(0, 16);
}
