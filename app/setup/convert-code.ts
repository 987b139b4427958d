import { Octokit } from "octokit";
import { z } from "zod";
import { retryOnlyReads } from "../../shared/github.ts";

const Conversion = z.object({
  id: z.number().int(),
  slug: z.string(),
  html_url: z.url(),
  pem: z.string().includes("PRIVATE KEY"),
  webhook_secret: z.string().min(16),
  client_id: z.string(),
  client_secret: z.string(),
});

export type NewApp = { slug: string; url: string; variables: Record<string, string> };

/** Exchanges GitHub's code, which counts once, for the App's credentials, as variables by the names that Probot uses. */
export async function convertCode(code: string, apiUrl: string): Promise<NewApp> {
  const octokit = new (Octokit.plugin(retryOnlyReads))({ baseUrl: apiUrl, userAgent: "afu-9" });
  const { data } = await octokit.rest.apps.createFromManifest({ code });
  const app = Conversion.parse(data);
  return {
    slug: app.slug,
    url: app.html_url,
    variables: {
      APP_ID: String(app.id),
      PRIVATE_KEY: app.pem,
      WEBHOOK_SECRET: app.webhook_secret,
      GITHUB_CLIENT_ID: app.client_id,
      GITHUB_CLIENT_SECRET: app.client_secret,
    },
  };
}
