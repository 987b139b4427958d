import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const manifest = {
  name: "From a manifest",
  url: "https://example.com",
  hook_attributes: { url: "https://example.com/hooks" },
  redirect_url: "https://example.com/made?from=github",
  setup_url: "https://example.com/installed",
  default_permissions: { issues: "write", checks: "read" },
  default_events: ["issues", "check_run"],
};

function post(path: string, fields: Record<string, string>): Promise<Response> {
  return fetch(`${world.url}${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
}

const offer = (change: object, path = "/settings/apps/new?state=s1") =>
  post(path, { manifest: JSON.stringify({ ...manifest, ...change }) });

async function create(name: string): Promise<URL> {
  const text = JSON.stringify(manifest);
  const made = await post("/settings/apps/manifests", {
    manifest: text,
    state: "s1",
    name,
    owner: "maintainer",
  });
  expect(made.status).toBe(302);
  return new URL(made.headers.get("location") ?? "");
}

test("an App is made from a manifest, and its code is worth its credentials once", async () => {
  const page = await (await offer({})).text();
  expect(page).toContain("From a manifest");
  const target = await create("From a manifest");
  expect(target.href).toMatch(/^https:\/\/example\.com\/made\?from=github&code=[0-9a-f]{40}&state=s1$/);

  const code = target.searchParams.get("code") ?? "";
  const { data } = await world.asNobody.rest.apps.createFromManifest({ code });
  expect(world.newProblems()).toEqual([]);
  expect(data).toMatchObject({
    name: "From a manifest",
    slug: "from-a-manifest",
    owner: { login: "maintainer" },
    permissions: { issues: "write", checks: "read", metadata: "read" },
    events: ["issues", "check_run"],
  });
  expect(data.pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
  expect(data.webhook_secret).toMatch(/^[0-9a-f]{40}$/);
  expect(await refusalOf(world.asNobody.rest.apps.createFromManifest({ code }))).toEqual({
    status: 404,
    message: "Not Found",
  });
});

test("the App's webhook address is told to the App alone, without its secret", async () => {
  const { data } = await world.octokitApp.octokit.rest.apps.getWebhookConfigForApp();
  expect(data).toEqual({
    url: world.hooks.url,
    content_type: "json",
    insecure_ssl: "0",
    secret: "********",
  });
  expect(world.newProblems()).toEqual([]);
  expect(await refusalOf(world.asNobody.rest.apps.getWebhookConfigForApp())).toMatchObject({ status: 401 });
});

test("a manifest that GitHub would refuse is refused, with each fault", async () => {
  const faulty: [object, string][] = [
    [{ url: undefined }, "Url must be a valid URL"],
    [{ hook_attributes: {} }, "Hook url must be a valid URL"],
    [{ default_permissions: { isues: "read" } }, "resource is not included in the list"],
    [{ default_permissions: { issues: "write" } }, "Default events unsupported: check_run"],
    [{ default_events: ["issue"] }, "Default events unsupported: issue"],
  ];
  for (const [change, fault] of faulty) {
    const refused = await offer(change);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(fault);
  }
});

test("a name that is taken is refused on the page, where another can be typed", async () => {
  const text = JSON.stringify(manifest);
  const taken = { manifest: text, state: "s1", name: "Test App", owner: "maintainer" };
  const refused = await post("/settings/apps/manifests", taken);
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain("Name is already taken");
});

test("an organisation's App is made on that organisation's page", async () => {
  const page = await (await offer({}, `/organizations/${owner}/settings/apps/new?state=s2`)).text();
  expect(page).toContain(`<option>${owner}</option>`);
  expect(page).not.toContain("<option>maintainer</option>");
  expect((await offer({}, "/organizations/nobody/settings/apps/new")).status).toBe(404);
});

test("whoever installs an App comes back to its set-up page, and the App hears of it", async () => {
  const code = (await create("To install")).searchParams.get("code") ?? "";
  const { data } = await world.asNobody.rest.apps.createFromManifest({ code });
  await world.github.updateApp(data.id, { webhookUrl: world.hooks.url });
  const installed = await post("/apps/to-install/installations", { account: owner });
  expect(installed.headers.get("location")).toMatch(
    /^https:\/\/example\.com\/installed\?installation_id=\d+&setup_action=install$/,
  );
  // The first is that of the world's own App.
  const [, created] = await world.hooks.until("installation.created", 2);
  expect(created?.payload.installation).toMatchObject({
    account: { login: owner },
    app_slug: "to-install",
  });
});
