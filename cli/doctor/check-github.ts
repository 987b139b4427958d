import { readAppDescription } from "../../app/setup/app-description.ts";
import { webhookPath } from "../../app/setup/manifest.ts";
import { type Answer, fault, open, type Patient, well } from "./finding.ts";

const mostSkewSeconds = 30;

async function readApp({ github }: Patient) {
  const { asApp } = await github();
  const { data, headers } = await asApp.rest.apps.getAuthenticated();
  if (!data) throw new Error("GitHub did not say which App this is.");
  return { app: data, asApp, date: headers.date };
}
type App = Awaited<ReturnType<typeof readApp>>["app"];

/** GitHub refuses a token that is from its future, so this machine's clock matters. */
export async function checkApp(patient: Patient): Promise<Answer> {
  const { app, date } = await asking(patient);
  const skew = date ? Math.round((Date.now() - Date.parse(date)) / 1_000) : 0;
  if (Math.abs(skew) > mostSkewSeconds) {
    return fault(
      `this machine's clock is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} GitHub's`,
      "Let the clock be set by the network: timedatectl set-ntp true.",
    );
  }
  return well(`${app.name}: GitHub takes its key`);
}

/** The first that asks says what to do when GitHub refuses. */
async function asking(patient: Patient) {
  try {
    return await readApp(patient);
  } catch (error) {
    const status = (error as { status?: number }).status;
    const why = {
      401: "GitHub does not take the key: PRIVATE_KEY belongs to another App, was deleted, or this machine's clock is wrong. Generate a new key on the App's settings page.",
      404: "GitHub knows no App with the id in APP_ID. It is the number at the top of the App's settings page.",
    }[status ?? 0];
    throw why ? new Error(why) : error;
  }
}

const levels = ["read", "write", "admin"];

/** What app.yml asks for and the App does not have. */
export async function checkPermissions(patient: Patient): Promise<Answer> {
  const [{ app }, wanted] = await Promise.all([readApp(patient), readAppDescription(patient.root)]);
  const missing = [
    ...Object.entries(wanted.default_permissions)
      .filter(([name, level]) => !covers(app, name, level))
      .map(([name, level]) => `${name}: ${level}`),
    ...wanted.default_events.filter((event) => !app.events.includes(event)),
  ];
  if (missing.length === 0) return well("all that app.yml names, and all events");
  return fault(
    `the App lacks ${missing.join(", ")}`,
    `Give them to it: ${app.html_url.replace("/apps/", "/settings/apps/")}/permissions. Each owner has to accept them then.`,
  );
}

function covers({ permissions }: App, name: string, level: string): boolean {
  const granted = (permissions as Record<string, string>)[name];
  return granted !== undefined && levels.indexOf(granted) >= levels.indexOf(level);
}

export async function checkWebhookAddress(patient: Patient): Promise<Answer> {
  const { asApp } = await readApp(patient);
  const { data: hook } = await asApp.rest.apps.getWebhookConfigForApp();
  const publicUrl = patient.env.PUBLIC_URL?.replace(/\/+$/, "");
  if (!hook.url) return fault("the App has none", "Set one on the App's settings page.");
  if (hook.insecure_ssl === "1")
    return fault(`${hook.url} is not checked by TLS`, "Switch SSL verification on.");
  if (!publicUrl) return open(`${hook.url}; PUBLIC_URL is not set, so it can't be compared`);
  if (hook.url === `${publicUrl}${webhookPath}`) return well(hook.url);
  if (hook.url === `${publicUrl}/api/github/webhooks`) return well(hook.url);
  return fault(
    `it is ${hook.url}, and PUBLIC_URL is ${publicUrl}`,
    `Set the App's webhook address to ${publicUrl}${webhookPath}, or correct PUBLIC_URL.`,
  );
}

/** What became of the last webhooks, in GitHub's own book. */
export async function checkDeliveries(patient: Patient): Promise<Answer> {
  const { asApp } = await readApp(patient);
  const { data: deliveries } = await asApp.rest.apps.listWebhookDeliveries({ per_page: 20 });
  const [last] = deliveries;
  if (!last) return open("GitHub has sent none yet");
  const failed = deliveries.filter(({ status_code }) => status_code >= 300).length;
  const detail = `${failed} of the last ${deliveries.length} failed`;
  if (last.status_code < 300) return well(detail);
  const about = `${last.event} at ${last.delivered_at}: ${last.status} (${last.status_code})`;
  const isSecret = last.status_code === 401;
  return fault(
    `${detail}; the last was ${about}`,
    isSecret
      ? "WEBHOOK_SECRET is not the App's: set a new one on its settings page and in .env."
      : "See `public address`. What failed is asked for again when AFU-9 is up: npm run afu9 -- deliveries redeliver <id>.",
  );
}

export async function checkInstallations(patient: Patient): Promise<Answer | Answer[]> {
  const { app, asApp } = await readApp(patient);
  const { data: installations } = await asApp.rest.apps.listInstallations({ per_page: 100 });
  if (installations.length === 0) {
    return fault("it is installed nowhere", `Install it: ${app.html_url}/installations/new`);
  }
  const wanted = Object.entries(app.permissions as Record<string, string>);
  return installations.map(({ account, permissions, suspended_at, html_url }) => {
    const name = account && "login" in account ? account.login : "an enterprise";
    if (suspended_at) return fault(`${name} has suspended it`, `Its owner lets it go on: ${html_url}`);
    const granted = permissions as Record<string, string>;
    const waiting = wanted.filter(
      ([key, level]) => levels.indexOf(granted[key] ?? "") < levels.indexOf(level),
    );
    if (waiting.length === 0) return well(`on ${name}, with all permissions`);
    const names = waiting.map(([key, level]) => `${key}: ${level}`).join(", ");
    return fault(`${name} has not accepted ${names}`, `Its owner accepts them: ${html_url}`);
  });
}
