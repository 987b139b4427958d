// A webhook about an issue as Probot hands it over, with a GitHub that knows one person and keeps the replies.
import type { Context } from "probot";
import type { AppDeps } from "../app/deps.ts";
import { policySettings } from "../app/policy/policy-settings.ts";
import { budgetSettings } from "../shared/budget.ts";
import { effectiveConfig } from "../shared/effective-config.ts";
import { createLogger } from "../shared/logger.ts";
import { modelChoiceSettings } from "../shared/models/model-settings.ts";
import type { Role } from "../shared/role.ts";

export const appId = 99;

/** What handlers work with, with no workflows but the given ones. */
export function fakeDeps(more: Pick<AppDeps, "db" | "queues"> & Partial<AppDeps>): AppDeps {
  const repositoryWorkflows = { of: async () => ({ workflows: [], broken: [] }) };
  return {
    workflows: [],
    repositoryWorkflows,
    configs: fakeConfigs(),
    github: {
      get asApp(): never {
        throw new Error("Expected no request as the App.");
      },
      octokitFor() {
        throw new Error("Expected no request to GitHub.");
      },
    },
    appId,
    appSlug: async () => "afu-9",
    ownBotId: async () => 9001,
    serverUrl: "https://github.test",
    models: modelChoiceSettings.parse({}),
    budget: budgetSettings.parse({}),
    policy: policySettings.parse({}),
    log: createLogger("test", "silent"),
    ...more,
  };
}

/** A repository whose file says this, and whose owner has none. */
export function fakeConfigs(text = ""): AppDeps["configs"] {
  const file = { text, sha: null, commit: null, brokenSha: null, brokenFaults: null, etag: null, age: 0 };
  const effective = effectiveConfig({ owner: undefined, repository: file });
  return { of: async () => effective.config, effectiveOf: async () => effective };
}

const person = { id: 7, login: "pat", type: "User" };

type Made = { user?: object; performed_via_github_app?: object; body?: string };
type Happening = {
  delivery: string;
  issue: Made & { number: number; pull_request?: object };
  sender?: object;
  /** The person's role. */
  role?: Role;
  /** What else GitHub answers, by method: `teams.getMembershipForUserInOrg`. */
  answers?: Record<string, (parameters: object) => unknown>;
};

/** A comment on an issue. */
export function commented(
  { comment, ...happening }: Happening & { comment: Made & { id?: number; body: string } },
  replies: string[],
): Context<"issue_comment.created"> {
  const made = { id: 1, node_id: "IC_1", user: person, performed_via_github_app: null, ...comment };
  return contextOf(
    happening,
    { action: "created", comment: made },
    replies,
  ) as Context<"issue_comment.created">;
}

/** A label that was set on an issue. */
export function labeled(
  { label, ...happening }: Happening & { label: string },
  replies: string[],
): Context<"issues.labeled"> {
  return contextOf(
    happening,
    { action: "labeled", label: { name: label } },
    replies,
  ) as Context<"issues.labeled">;
}

/** A pull request as GitHub has it, from a branch of the repository itself. */
export function pullRequest(number: number, more: object = {}) {
  const repo = { id: 5, full_name: "acme/sample" };
  const head = { ref: `afu9/issue-${number}`, sha: "b".repeat(40), repo };
  const base = { ref: "main", sha: "c".repeat(40), repo };
  return { number, title: "A change", state: "open", user: person, head, base, ...more };
}

/** What happened to a pull request: `pull_request`, `pull_request_review` or `workflow_run`. */
export function happened<Event extends keyof PullEvents>(
  _event: Event,
  payload: object,
  happening: Omit<Happening, "issue">,
  replies: string[],
): PullEvents[Event] {
  return contextOf({ issue: { number: 0 }, ...happening }, payload, replies) as PullEvents[Event];
}
type PullEvents = {
  pull_request: Context<"pull_request.opened">;
  pull_request_review: Context<"pull_request_review.submitted">;
  workflow_run: Context<"workflow_run.completed">;
};

type Clicks = Context<"check_run.requested_action"> &
  Context<"check_run.rerequested"> &
  Context<"check_suite.rerequested">;

/** A click on a check run: a button by its identifier, `rerequested`, or one on its `suite`. */
export function clicked(
  what: string,
  { run, suite, ...happening }: Omit<Happening, "issue"> & { run?: object; suite?: object },
  replies: string[],
): Clicks {
  const more = { check_run: run, check_suite: suite, requested_action: { identifier: what } };
  return contextOf({ issue: { number: 0 }, ...happening }, more, replies) as Clicks;
}

function contextOf(
  { delivery, issue, sender = person, role = "admin", answers = {} }: Happening,
  more: object,
  replies: string[],
): unknown {
  const payload = {
    ...more,
    sender,
    installation: { id: 1 },
    repository: { id: 5, owner: { login: "acme" }, name: "sample", default_branch: "main", private: true },
    issue: {
      state: "open",
      title: "A bug",
      body: "",
      updated_at: "2026-01-01T00:00:00Z",
      user: person,
      ...issue,
    },
  };
  const known: Record<string, (parameters: never) => unknown> = {
    "repos.getCollaboratorPermissionLevel": ({ username }: { username: string }) => ({
      role_name: role,
      permission: role,
      user: { ...person, login: username },
    }),
    "issues.listComments": () => replies.map((body) => ({ user: { type: "Bot" }, body })),
    "issues.get": ({ issue_number }: { issue_number: number }) => ({ number: issue_number, labels: [] }),
    "pulls.listCommentsForReview": () => [],
    "issues.createComment": ({ body }: { body: string }) => void replies.push(body),
    ...answers,
  };
  const group = (name: string) =>
    new Proxy({}, { get: (_target, method) => answer(known, `${name}.${String(method)}`) });
  const octokit = {
    rest: new Proxy({}, { get: (_target, name) => group(String(name)) }),
    graphql: async (_query: string, variables: object) => answers.graphql?.(variables),
    paginate: async (method: (parameters: object) => Promise<{ data: unknown }>, parameters: object) =>
      (await method(parameters)).data,
  };
  return {
    id: delivery,
    payload,
    octokit,
    // As Probot's, they know what they belong to only when they are called on it.
    repo(this: { payload: typeof payload }) {
      return { owner: this.payload.repository.owner.login, repo: this.payload.repository.name };
    },
    issue(this: { payload: typeof payload; repo(): object }) {
      return { ...this.repo(), issue_number: this.payload.issue.number };
    },
  };
}

function answer(known: Record<string, (parameters: never) => unknown>, method: string) {
  return async (parameters: object) => {
    const found = known[method];
    if (!found) throw new Error(`Expected no call of ${method}.`);
    const given = await found(parameters as never);
    const isWhole = typeof given === "object" && given !== null && "headers" in given;
    return isWhole ? given : { data: given };
  };
}
