// What an installation still lacks before it can take an issue.
import type { Database } from "../../shared/db.ts";
import { messageOf } from "../../shared/errors.ts";
import type { GitHubApp } from "../../shared/github.ts";
import { readHeartbeats } from "../../shared/heartbeat.ts";
import { StartFacts, WorkerFacts } from "../../shared/process-facts.ts";

export type Item = {
  id: "app" | "installed" | "webhook" | "worker" | "model" | "sandbox";
  title: string;
  isDone: boolean;
  detail: string;
  /** What to type. */
  command?: string;
  link?: { text: string; url: string };
};

export type ChecklistDeps = {
  db: Database;
  asApp: GitHubApp["asApp"];
  /** `https://github.com` */
  githubUrl: string;
};

type Seen = {
  worker: WorkerFacts | undefined;
  start: StartFacts | undefined;
};

export async function readChecklist(deps: ChecklistDeps): Promise<Item[]> {
  const [onGitHub, webhook, seen] = await Promise.all([
    githubItems(deps),
    webhookItem(deps),
    readFacts(deps.db),
  ]);
  return [...onGitHub, webhook, workerItem(seen), modelItem(seen), sandboxItem(seen)];
}

async function readFacts(db: Database): Promise<Seen> {
  const [[worker], [start]] = await Promise.all([readHeartbeats(db, "worker"), readHeartbeats(db, "start")]);
  return {
    worker: worker && WorkerFacts.parse(worker.facts),
    start: start && StartFacts.parse(start.facts),
  };
}

async function githubItems({ asApp, githubUrl }: ChecklistDeps): Promise<Item[]> {
  const title = "GitHub App";
  try {
    const [{ data: app }, { data: installations }] = await Promise.all([
      asApp.rest.apps.getAuthenticated(),
      asApp.rest.apps.listInstallations({ per_page: 1 }),
    ]);
    if (!app) throw new Error("GitHub did not say which App this is.");
    const url = `${githubUrl}/apps/${app.slug}/installations/new`;
    const installed = installations[0]?.account;
    const account = installed && "login" in installed ? installed.login : "an enterprise";
    return [
      { id: "app", title, isDone: true, detail: `${app.name} is registered, and GitHub takes its key.` },
      installations.length > 0
        ? { id: "installed", title: "Installed", isDone: true, detail: `The App is installed on ${account}.` }
        : {
            id: "installed",
            title: "Installed",
            isDone: false,
            detail: "The App is installed on no account yet. It sees only the repositories that you give it.",
            link: { text: "Install the App", url },
          },
    ];
  } catch (error) {
    const detail = `GitHub does not take the App's credentials: ${messageOf(error)}`;
    return [
      { id: "app", title, isDone: false, detail, command: "npm run afu9 -- doctor" },
      { id: "installed", title: "Installed", isDone: false, detail: "Not known before the App is." },
    ];
  }
}

async function webhookItem({ db, asApp }: ChecklistDeps): Promise<Item> {
  const [id, title] = ["webhook", "Webhook seen"] as const;
  const last = await db.prisma.webhookDelivery.findFirst({
    orderBy: { receivedAt: "desc" },
    select: { event: true, receivedAt: true },
  });
  if (last) {
    const detail = `GitHub's last webhook was ${last.event}, at ${last.receivedAt.toISOString().slice(0, 19)}Z.`;
    return { id, title, isDone: true, detail };
  }
  const fault = await lastFailure(asApp);
  const detail = fault
    ? `GitHub could not deliver: ${fault}. Is the public address the right one, and open to GitHub?`
    : "No webhook has arrived yet. GitHub sends the first when the App is installed.";
  return { id, title, isDone: false, detail, ...(fault && { command: "npm run afu9 -- doctor" }) };
}

/** What GitHub says of the last delivery, when it failed. */
async function lastFailure(asApp: GitHubApp["asApp"]): Promise<string | undefined> {
  try {
    const { data } = await asApp.rest.apps.listWebhookDeliveries({ per_page: 1 });
    const [last] = data;
    return last && last.status_code >= 300 ? `${last.status} (${last.status_code})` : undefined;
  } catch (error) {
    return `its list of deliveries can't be read: ${messageOf(error)}`;
  }
}

function workerItem({ worker, start }: Seen): Item {
  const [id, title] = ["worker", "Worker alive"] as const;
  if (worker) return { id, title, isDone: true, detail: "A worker is up and says so every few seconds." };
  const reason = start?.failing.worker;
  if (reason) return { id, title, isDone: false, detail: `The worker does not come up: ${reason}` };
  if (start?.missing.length)
    return { id, title, isDone: false, detail: "The worker starts as soon as it has the model's key." };
  return {
    id,
    title,
    isDone: false,
    detail: "No worker has been heard of in the last 20 seconds.",
    command: "npm run start:worker",
  };
}

function modelItem({ worker, start }: Seen): Item {
  const [id, title] = ["model", "Model key"] as const;
  const missing = start?.missing[0];
  if (missing) {
    return {
      id,
      title,
      isDone: false,
      detail: `${missing.name} is not set. AFU-9 notices when it is in the file .env, and goes on by itself.`,
      command: `echo '${missing.name}=YOUR-KEY' >> .env`,
      link: { text: "Get a key", url: missing.source },
    };
  }
  if (!worker)
    return { id, title, isDone: false, detail: "Only the worker has the key: not known before it is up." };
  if (worker.keyFault) {
    const detail = `The provider of ${worker.model} does not take the key: ${worker.keyFault}`;
    return { id, title, isDone: false, detail };
  }
  return { id, title, isDone: true, detail: `The provider takes the key for ${worker.model}.` };
}

function sandboxItem({ worker, start }: Seen): Item {
  const [id, title] = ["sandbox", "Sandbox"] as const;
  const failing = start?.failing["mcp-workspace"];
  const ailment = worker?.servers.workspace;
  if (failing || ailment) {
    return {
      id,
      title,
      isDone: false,
      detail: failing ?? `The MCP server workspace is not well: ${ailment}`,
      command: "apt-get install bubblewrap",
    };
  }
  if (!worker) return { id, title, isDone: false, detail: "Not known before a worker is up." };
  if (start?.sandbox === "none") {
    const detail = "AFU9_SANDBOX=none: commands of repositories run with all rights of this user.";
    return { id, title, isDone: true, detail };
  }
  return { id, title, isDone: true, detail: "Commands of repositories run in bubblewrap, without network." };
}
