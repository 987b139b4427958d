// What an App's manifest may say. GitHub refuses the rest on the page where the App would be made.
import { z } from "zod";
import github from "../openapi/github.json" with { type: "json" };

const address = (name: string) => z.url({ protocol: /^https?$/, error: `${name} must be a valid URL` });
const levels = z.enum(["read", "write", "admin"]);

const manifest = z.object({
  name: z.string().max(34, "Name is too long (maximum is 34 characters)").optional(),
  url: address("Url"),
  hook_attributes: z.object({ url: address("Hook url"), active: z.boolean().default(true) }).optional(),
  redirect_url: address("Redirect url").optional(),
  callback_urls: z.array(address("Callback url")).max(10, "Callback urls are limited to 10").default([]),
  setup_url: address("Setup url").optional(),
  description: z.string().optional(),
  public: z.boolean().default(true),
  default_events: z.array(z.string()).default([]),
  default_permissions: z.record(z.string(), levels).default({}),
  request_oauth_on_install: z.boolean().default(false),
  setup_on_update: z.boolean().default(false),
});
export type Manifest = z.infer<typeof manifest>;

/** Which permission an event needs. Events that are not here need none, or do not exist. */
const permissionOf: Record<string, string> = {
  check_run: "checks",
  check_suite: "checks",
  create: "contents",
  delete: "contents",
  deployment: "deployments",
  deployment_status: "deployments",
  issue_comment: "issues",
  issues: "issues",
  label: "issues",
  member: "metadata",
  pull_request: "pull_requests",
  pull_request_review: "pull_requests",
  pull_request_review_comment: "pull_requests",
  pull_request_review_thread: "pull_requests",
  push: "contents",
  release: "contents",
  repository: "metadata",
  status: "statuses",
  workflow_job: "actions",
  workflow_run: "actions",
};

type Permissions = Record<string, { enum: string[] }>;
const known = github.components.schemas["app-permissions"].properties as Permissions;

/** Reads the text of the form's field. Gives either the manifest or what is wrong with it. */
export function readManifest(text: string): { manifest: Manifest } | { faults: string[] } {
  const parsed = manifest.safeParse(parseJson(text));
  if (!parsed.success) return { faults: parsed.error.issues.map(({ message }) => message) };
  const faults = [...permissionFaults(parsed.data), ...eventFaults(parsed.data)];
  return faults.length > 0 ? { faults } : { manifest: parsed.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function permissionFaults({ default_permissions: wanted }: Manifest): string[] {
  return Object.entries(wanted).flatMap(([name, level]) => {
    if (!known[name]) return ["Default permission records resource is not included in the list"];
    return known[name].enum.includes(level) ? [] : [`Default permission ${name} can't be ${level}`];
  });
}

function eventFaults({ default_events: events, default_permissions: granted }: Manifest): string[] {
  const unsupported = events.filter((event) => {
    const permission = permissionOf[event];
    return !permission || (permission !== "metadata" && !granted[permission]);
  });
  return unsupported.length > 0 ? [`Default events unsupported: ${unsupported.join(", ")}`] : [];
}
