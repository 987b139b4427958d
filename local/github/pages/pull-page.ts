import { html } from "hono/html";
import { readCommits } from "../git/commits.ts";
import { changedFiles } from "../git/diff.ts";
import type { CheckRun, Hub, Issue, Repository } from "../hub.ts";
import { fullName } from "../lookups.ts";
import { pullOf, rangeOf } from "../shapes/pull.ts";
import { conversation, issueHeading } from "./issue-page.ts";
import { layout } from "./layout.ts";
import { markdown } from "./markdown.ts";

export async function pullPage(hub: Hub, repository: Repository, issue: Issue) {
  const { head, base } = pullOf(issue);
  const range = await rangeOf(hub, repository, issue);
  const commits = await readCommits(hub, repository, ["--reverse", `${range.base}..${head.sha}`]);
  const files = await changedFiles(hub, repository, range.from, head.sha);
  const checks = repository.checkRuns.filter((run) => run.headSha === head.sha);
  const title = `${issue.title} · Pull Request #${issue.number} · ${fullName(repository)}`;
  return layout(
    title,
    html`${issueHeading(repository, issue)}
    <p class="muted"><code>${head.ref}</code> into <code>${base.ref}</code></p>
    ${conversation(issue)}
    <h2>Checks</h2>${checks.length > 0 ? checks.map((run) => showCheck(hub, repository, run)) : html`<p class="muted">None.</p>`}
    <h2>Commits</h2><table>${commits.map(
      ({ sha, message, author }) => html`<tr><td><code>${sha.slice(0, 7)}</code></td>
        <td>${message.split("\n")[0]}</td><td class="muted">${author.name}</td></tr>`,
    )}</table>
    <h2>Files changed <span class="muted">${files.length}</span></h2>${files.map(
      (file) => html`<article class="card"><header><code>${file.filename}</code>
        <span class="muted">${file.status}, +${file.additions} −${file.deletions}</span></header>
        <pre>${(file.patch ?? "").split("\n").map(showLine)}</pre></article>`,
    )}`,
  );
}

function showCheck(hub: Hub, repository: Repository, run: CheckRun) {
  const state = run.conclusion ?? run.status;
  const { title, summary, text } = run.output;
  const marks = run.annotations.map(
    ({ path, start_line, annotation_level, message }) =>
      html`<li><b>${annotation_level}</b> <code>${path}:${start_line}</code> ${message}</li>`,
  );
  return html`<article class="card" id="check-${run.id}"><header><span class="badge ${state}">${state}</span>
    <b>${run.name}</b> ${title}</header>
    <div class="text">${markdown([summary, text].filter(Boolean).join("\n\n") || "No output.")}
    ${marks.length > 0 ? html`<ul>${marks}</ul>` : ""}${buttons(hub, repository, run)}</div></article>`;
}

/** What GitHub shows beside a check run. On this one, whoever looks says who they are. */
function buttons(hub: Hub, repository: Repository, run: CheckRun) {
  const people = [...hub.accounts.values()].filter(({ type }) => type === "User");
  if (people.length === 0) return "";
  const shown = [
    ...run.actions,
    ...(run.status === "completed" ? [{ identifier: "rerequest", label: "Re-run", description: "" }] : []),
  ];
  return html`<form method="post" action="/${fullName(repository)}/runs/${run.id}/click">
    <select name="login" aria-label="Who clicks">${people.map(({ login }) => html`<option>${login}</option>`)}</select>
    ${shown.map(
      ({ identifier, label, description }) =>
        html`<button name="action" value="${identifier}" title="${description}">${label}</button> `,
    )}</form>`;
}

const lineKinds: Record<string, string> = { "+": "add", "-": "del", "@": "at" };

function showLine(line: string) {
  return html`<span class="${lineKinds[line[0] ?? ""] ?? ""}">${line}</span>`;
}
