// Pages to look at: repositories, issues, pull requests. Whoever reaches this machine's loopback interface may see them.
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { clickOn } from "../actions/click-check-run.ts";
import { click } from "../control/inputs.ts";
import { diffText } from "../git/diff.ts";
import type { Hub, Issue, Repository } from "../hub.ts";
import { findIssue, findRepository, fullName } from "../lookups.ts";
import type { Environment } from "../rest/environment.ts";
import { must, Problem } from "../rest/problem.ts";
import { rangeOf } from "../shapes/pull.ts";
import { issuePage } from "./issue-page.ts";
import { layout } from "./layout.ts";
import { pullPage } from "./pull-page.ts";

export function servePages(server: Hono<Environment>, hub: Hub): void {
  serveCheckRuns(server, hub);
  server.get("/", (c) => c.html(layout("Local GitHub", listRepositories(hub))));
  server.get("/:owner/:repo", (c) => {
    const repository = repositoryIn(c, hub);
    return c.html(layout(fullName(repository), listIssues(repository)));
  });
  server.get("/:owner/:repo/issues/:number", (c) => {
    const repository = repositoryIn(c, hub);
    return c.html(issuePage(repository, issueIn(c, repository)));
  });
  server.get("/:owner/:repo/pull/:number{[0-9]+\\.(diff|patch)}", async (c) => {
    const repository = repositoryIn(c, hub);
    const issue = issueIn(c, repository);
    const { from } = await rangeOf(hub, repository, issue);
    const format = c.req.param("number").endsWith(".diff") ? "diff" : "patch";
    return c.text(await diffText(hub, repository, [from, must(issue.pull).head.sha], format));
  });
  server.get("/:owner/:repo/pull/:number", async (c) => {
    const repository = repositoryIn(c, hub);
    return c.html(await pullPage(hub, repository, issueIn(c, repository)));
  });
}

/** The pull request's page is also that of its check runs. */
function serveCheckRuns(server: Hono<Environment>, hub: Hub): void {
  server.get("/:owner/:repo/runs/:id", (c) => {
    const repository = repositoryIn(c, hub);
    const run = must(repository.checkRuns.find(({ id }) => String(id) === c.req.param("id")));
    const pull = must(repository.issues.find((issue) => issue.pull?.head.sha === run.headSha));
    return c.redirect(`/${fullName(repository)}/pull/${pull.number}#check-${run.id}`);
  });
  // Another site's page must not click here.
  server.post("/:owner/:repo/runs/:id/click", async (c) => {
    if (c.req.header("origin") !== new URL(c.req.url).origin) throw new Problem(403, "Forbidden");
    const form = click.parse(await c.req.parseBody());
    await clickOn(hub, { ...form, run: c.req.param("id") });
    return c.redirect(`/${c.req.param("owner")}/${c.req.param("repo")}/runs/${c.req.param("id")}`, 303);
  });
}

function repositoryIn(c: Context, hub: Hub): Repository {
  const { owner = "", repo = "" } = c.req.param() as Record<string, string>;
  return must(findRepository(hub, owner, repo));
}

function issueIn(c: Context, repository: Repository): Issue {
  const { number = "" } = c.req.param() as Record<string, string>;
  return must(findIssue(repository, Number.parseInt(number, 10)));
}

function listRepositories(hub: Hub) {
  if (hub.repositories.length === 0)
    return html`<h1>Local GitHub</h1><p class="muted">No repositories yet.</p>`;
  return html`<h1>Local GitHub</h1>${hub.repositories.map(
    (repository) => html`<h2><a href="/${fullName(repository)}">${fullName(repository)}</a></h2>
      <p class="muted">git clone ${hub.url}/${fullName(repository)}.git</p>${issueTable(repository)}`,
  )}`;
}

function listIssues(repository: Repository) {
  return html`<h1>${fullName(repository)} <small>${repository.private ? "private" : "public"}</small></h1>
    ${issueTable(repository)}`;
}

function issueTable(repository: Repository) {
  if (repository.issues.length === 0) return html`<p class="muted">No issues or pull requests.</p>`;
  const rows = repository.issues.toReversed().map((issue) => {
    const kind = issue.pull ? "pull" : "issues";
    return html`<tr><td class="muted">#${issue.number}</td>
      <td><a href="/${fullName(repository)}/${kind}/${issue.number}">${issue.title}</a></td>
      <td class="muted">${issue.pull ? "pull request" : "issue"}</td><td>${issue.state}</td></tr>`;
  });
  return html`<table>${rows}</table>`;
}
