// The GitHub App as AFU-9's own processes use it: installation tokens, narrowed to one repository.
import { readFileSync } from "node:fs";
import { createAppAuth } from "@octokit/auth-app";
import type { Octokit as OctokitBase } from "@octokit/core";
import { Octokit as OctokitCore } from "octokit";
import { z } from "zod";
import { endWithCall } from "./call-signal.ts";
import { createConditionalFetch } from "./conditional-fetch.ts";
import { createGitHubBudget, type LimitStore } from "./github-budget.ts";
import { createProcessLimits } from "./github-limit-stores.ts";
import type { Logger } from "./logger.ts";
import type { Redact } from "./redact.ts";
import { createScopedAuth, isTokenRequest, type TokenScope } from "./scoped-auth.ts";

/** GitHub's addresses, by the names that GitHub Actions uses. */
export const githubAddresses = z.object({
  GITHUB_API_URL: z.url().default("https://api.github.com"),
  GITHUB_SERVER_URL: z.url().default("https://github.com"),
});

/** The App's settings, by the names that Probot uses, and GitHub's addresses. */
export const githubSettings = z.object({
  APP_ID: z.coerce.number().int(),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  ...githubAddresses.shape,
});
export type GitHubSettings = z.infer<typeof githubSettings>;

export type Octokit = InstanceType<typeof OctokitCore>;
export type GitHubApp = {
  /** The App's numeric id: what it made on GitHub carries it. */
  id: number;
  /** A client of the App itself: what it was sent, where it is installed. It reaches no repository. */
  asApp: Octokit;
  /** A client whose token reaches one repository. Tokens are kept until shortly before they expire. */
  octokitFor(scope: TokenScope): Octokit;
  /** A new token for one repository, not kept. Whoever gets it revokes it. */
  mintToken(scope: TokenScope & { repo: string }): Promise<string>;
};

/** The App's private key in PEM: from `PRIVATE_KEY` (with `\n` written out, or in Base64) or from a file. */
export function privateKeyOf(settings: GitHubSettings): string {
  if (settings.PRIVATE_KEY) {
    const key = settings.PRIVATE_KEY.replaceAll("\\n", "\n");
    return key.includes("-----BEGIN") ? key : Buffer.from(key, "base64").toString("utf8");
  }
  if (settings.PRIVATE_KEY_PATH) return readFileSync(settings.PRIVATE_KEY_PATH, "utf8");
  throw new Error(
    "Expected PRIVATE_KEY or PRIVATE_KEY_PATH in the environment, got neither. See .env.example.",
  );
}

/** How many clients are kept, each with its token. */
const maxClients = 500;

type Options = ConstructorParameters<typeof OctokitCore>[0] & {
  /** Where what is known of GitHub's limits is kept. In the database, all processes have one budget. */
  limits?: LimitStore;
  /** Takes secrets out of what is written for people. */
  redact?: Redact;
};

/** The Octokit's own options are for tests, which need not spare GitHub. */
export function createGitHubApp(
  settings: GitHubSettings,
  log: Logger,
  { limits = createProcessLimits(), redact, ...more }: Options = {},
): GitHubApp {
  const app = { appId: settings.APP_ID, privateKey: privateKeyOf(settings) };
  const Client = OctokitCore.plugin(retryOnlyReads, endWithCall, redactTexts(redact)).defaults({
    baseUrl: settings.GITHUB_API_URL,
    userAgent: "afu-9",
    log: {
      debug() {},
      info() {},
      warn: (text: string) => log.warn({ detail: text }, "github warning"),
      error() {},
    },
    ...more,
    // It spaces what this process sends. What GitHub says of its limits is for the budget.
    throttle: { onRateLimit: () => false, onSecondaryRateLimit: () => false, ...more.throttle },
  });
  const budget = createGitHubBudget(limits, log);
  const fetchFor = createConditionalFetch();
  const asApp = new Client({ authStrategy: createAppAuth, auth: app });
  const clients = new Map<string, Octokit>();

  return {
    id: settings.APP_ID,
    asApp,
    octokitFor({ installation, repo, permissions }) {
      const key = JSON.stringify([installation, repo, permissions]);
      const known = clients.get(key);
      if (known) return known;
      const authStrategy = createScopedAuth({ installation, repo, permissions }, budget);
      const client = new Client({ authStrategy, auth: app, request: { fetch: fetchFor(key) } });
      clients.set(key, client);
      // The oldest goes; whoever holds it may go on using it.
      for (const oldest of [...clients.keys()].slice(0, -maxClients)) clients.delete(oldest);
      return client;
    },
    async mintToken({ installation, repo, permissions }) {
      const { data } = await asApp.rest.apps.createInstallationAccessToken({
        installation_id: installation,
        repositories: [repo],
        permissions,
      });
      return data.token;
    },
  };
}

/**
 * A write that failed may have been done all the same: repeating it blindly would do it twice. Whoever asked for it
 * looks first. (A rate limit's refusal is certain: the budget waits, and sends once more. A new token harms nobody.)
 */
export function retryOnlyReads(octokit: OctokitBase): void {
  octokit.hook.before("request", (options) => {
    const isRepeatable = options.method === "GET" || options.method === "HEAD" || isTokenRequest(options);
    // Changed in a copy: the object may be that of all of the client's requests.
    if (!isRepeatable) options.request = { ...options.request, retries: 0 };
  });
}

/** The parameters of writes that people read. What is committed is for `worker/tools/outgoing.ts`. */
const texts = ["title", "body", "message", "output", "comments"];

/** What is written on GitHub for people leaves without secrets, whoever writes it. */
export function redactTexts(redact: Redact | undefined): (octokit: OctokitBase) => void {
  return (octokit) =>
    octokit.hook.before("request", (options) => {
      if (!redact || options.method === "GET") return;
      const params: Record<string, unknown> = options;
      for (const key of texts) if (key in params) params[key] = redact.value(params[key]);
      if (params.variables) params.variables = withRedactedInputs(params.variables, redact);
    });
}

/** The same in the inputs of GraphQL's mutations. Of a commit, it is the title and text of its message. */
function withRedactedInputs(variables: unknown, redact: Redact): Record<string, unknown> {
  const redacted = Object.entries(Object(variables)).map(([name, input]) => {
    if (typeof input !== "object" || input === null) return [name, input];
    const fields = Object.entries(input).map(([key, value]) => [
      key,
      texts.includes(key) ? redact.value(value) : value,
    ]);
    return [name, Array.isArray(input) ? input : Object.fromEntries(fields)];
  });
  return Object.fromEntries(redacted);
}
