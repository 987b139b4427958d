import { html } from "hono/html";
import type { Account, Issue, Repository } from "../hub.ts";
import { fullName } from "../lookups.ts";
import { layout } from "./layout.ts";
import { markdown } from "./markdown.ts";

export function issuePage(repository: Repository, issue: Issue) {
  const title = `${issue.title} · Issue #${issue.number} · ${fullName(repository)}`;
  return layout(title, html`${issueHeading(repository, issue)}${conversation(issue)}`);
}

export function issueHeading(repository: Repository, issue: Issue) {
  const state = issue.pull?.mergedAt ? "merged" : issue.state;
  const labels = issue.labels.map(({ name }) => html` <span class="badge label">${name}</span>`);
  return html`<p class="muted"><a href="/${fullName(repository)}">${fullName(repository)}</a></p>
    <h1>${issue.title} <small>#${issue.number}</small></h1>
    <p><span class="badge ${state}">${issue.pull?.draft ? "draft" : state}</span>${labels}</p>`;
}

/** The body and the comments. */
export function conversation(issue: Issue) {
  const comments = issue.comments.map(({ author, createdAt, body }) => card(author, createdAt, body));
  return html`${card(issue.author, issue.createdAt, issue.body ?? "No description provided.")}${comments}`;
}

function card(author: Account, time: string, text: string) {
  return html`<article class="card"><header><b>${author.login}</b> <span class="muted">${time}</span></header>
    <div class="text">${markdown(text)}</div></article>`;
}
