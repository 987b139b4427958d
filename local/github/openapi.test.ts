import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventNames } from "./events/event-names.ts";
import { routes } from "./routes/routes.ts";
import { describedEvents, describedOperations, problemsWithEvent } from "./testing/schemas.ts";
import { everyPermission, openWorld, owner, repo, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const here = { owner, repo };
type ThreadsAnswer = {
  pullRequest: { reviewThreads: { nodes: [{ comments: { nodes: [{ databaseId: number }] } }] } };
};

test("every route is described by GitHub, and everything described is a route", () => {
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
    describedOperations.toSorted(),
  );
  expect(describedEvents).toEqual([...eventNames]);
});

test("the App's own operations answer in GitHub's shape", async () => {
  const { octokit } = world.octokitApp;
  const installation_id = world.installation.id;
  await octokit.rest.apps.getAuthenticated();
  await octokit.rest.apps.listInstallations();
  await octokit.rest.apps.getInstallation({ installation_id });
  await octokit.rest.apps.getRepoInstallation(here);
  await octokit.rest.apps.getWebhookConfigForApp();
  await world.asNobody.rest.apps.createFromManifest({ code: await codeOfNewApp() });
  await world.hooks.until("installation.created");
  await octokit.rest.apps.createInstallationAccessToken({ installation_id, repositories: [repo] });
  await world.octokit.rest.apps.listReposAccessibleToInstallation();
  await world.octokit.rest.rateLimit.get();
  await world.as(await world.token()).rest.apps.revokeInstallationAccessToken();
  expect(world.newProblems()).toEqual([]);
});

/** A person makes an App from a manifest, and comes back with its code. */
async function codeOfNewApp(): Promise<string> {
  const manifest = JSON.stringify({ url: "https://example.com", redirect_url: "https://example.com" });
  const body = new URLSearchParams({ manifest, name: "Made by hand", owner: world.person.login });
  const made = await fetch(`${world.url}/settings/apps/manifests`, {
    method: "POST",
    body,
    redirect: "manual",
  });
  return new URL(made.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

test("people, repositories, branches and contents answer in GitHub's shape", async () => {
  const { asPerson, octokit } = world;
  const { data: user } = await asPerson.rest.users.getAuthenticated();
  await octokit.rest.users.getByUsername({ username: user.login });
  await octokit.request("GET /user/{account_id}", { account_id: user.id });
  const { data: repository } = await octokit.rest.repos.get(here);
  await octokit.request("GET /repositories/{repository_id}", { repository_id: repository.id });
  await octokit.rest.repos.getCollaboratorPermissionLevel({ ...here, username: user.login });
  await octokit.rest.repos.listBranches(here);
  await octokit.rest.repos.getBranch({ ...here, branch: "main" });
  for (const path of ["", "src", "src/add.js", "link.md"])
    await octokit.rest.repos.getContent({ ...here, path });
  expect(world.newProblems()).toEqual([]);
});

test("a person's place in a team answers in GitHub's shape", async () => {
  await world.github.addToTeam(`${owner}/release`, "maintainer");
  const { data } = await world.octokit.rest.teams.getMembershipForUserInOrg({
    org: owner,
    team_slug: "release",
    username: "maintainer",
  });
  expect(data).toMatchObject({ state: "active" });
  expect(world.newProblems()).toEqual([]);
});

test("issues, labels, comments and reactions answer in GitHub's shape", async () => {
  const { issues, reactions } = world.octokit.rest;
  const { data: issue } = await issues.create({ ...here, title: "A bug", body: "It fails", labels: ["bug"] });
  const on = { ...here, issue_number: issue.number };
  await issues.listForRepo({ ...here, labels: "bug" });
  await issues.get(on);
  await issues.update({ ...on, title: "A worse bug" });
  const { data: comment } = await issues.createComment({ ...on, body: "Same here" });
  const comment_id = comment.id;
  await issues.listComments(on);
  await issues.getComment({ ...here, comment_id });
  await issues.updateComment({ ...here, comment_id, body: "Not here" });
  const { data: eyes } = await reactions.createForIssue({ ...on, content: "eyes" });
  await reactions.createForIssue({ ...on, content: "eyes" });
  await reactions.listForIssue(on);
  await reactions.deleteForIssue({ ...on, reaction_id: eyes.id });
  const { data: rocket } = await reactions.createForIssueComment({ ...here, comment_id, content: "rocket" });
  await reactions.listForIssueComment({ ...here, comment_id });
  await reactions.deleteForIssueComment({ ...here, comment_id, reaction_id: rocket.id });
  await issues.createLabel({ ...here, name: "later", color: "ff0000", description: "Not now" });
  await issues.listLabelsForRepo(here);
  await issues.getLabel({ ...here, name: "later" });
  await issues.updateLabel({ ...here, name: "later", new_name: "much later" });
  await issues.addLabels({ ...on, labels: ["much later"] });
  await issues.addAssignees({ ...on, assignees: [owner] });
  await issues.removeAssignees({ ...on, assignees: [owner] });
  await issues.listLabelsOnIssue(on);
  await issues.removeLabel({ ...on, name: "much later" });
  await issues.setLabels({ ...on, labels: ["bug", "urgent"] });
  await issues.deleteLabel({ ...here, name: "much later" });
  await issues.update({ ...on, state: "closed", state_reason: "not_planned" });
  await issues.update({ ...on, state: "open" });
  await issues.deleteComment({ ...here, comment_id });
  expect(world.newProblems()).toEqual([]);
});

test("the Git database, history and pull requests answer in GitHub's shape", async () => {
  const { git, repos, pulls } = world.octokit.rest;
  const { data: main } = await git.getRef({ ...here, ref: "heads/main" });
  const { data: head } = await git.getCommit({ ...here, commit_sha: main.object.sha });
  const { data: blob } = await git.createBlob({ ...here, content: "aGk=", encoding: "base64" });
  await git.getBlob({ ...here, file_sha: blob.sha });
  const added = { path: "docs/hi.txt", mode: "100644", type: "blob", sha: blob.sha } as const;
  const { data: tree } = await git.createTree({ ...here, base_tree: head.tree.sha, tree: [added] });
  await git.getTree({ ...here, tree_sha: tree.sha, recursive: "1" });
  const parents = [head.sha];
  const { data: commit } = await git.createCommit({ ...here, message: "Say hi", tree: tree.sha, parents });
  await git.createRef({ ...here, ref: "refs/heads/topic", sha: head.sha });
  await git.updateRef({ ...here, ref: "heads/topic", sha: commit.sha });
  await git.listMatchingRefs({ ...here, ref: "heads/t" });
  await repos.getCommit({ ...here, ref: "topic" });
  await repos.compareCommitsWithBasehead({ ...here, basehead: "main...topic" });
  const { data: pull } = await pulls.create({
    ...here,
    title: "Say hi",
    head: "topic",
    base: "main",
    draft: true,
  });
  const on = { ...here, pull_number: pull.number };
  await pulls.list({ ...here, head: `${owner}:topic` });
  await pulls.get(on);
  await pulls.update({ ...on, body: "Politely" });
  await pulls.listFiles(on);
  await pulls.listCommits(on);
  const line = { path: "docs/hi.txt", line: 1, body: "Politely?" };
  await pulls.createReview({ ...on, event: "COMMENT", comments: [line] });
  const { data: reviews } = await pulls.listReviews(on);
  await pulls.listCommentsForReview({ ...on, review_id: reviews[0]?.id ?? 0 });
  await pulls.listReviewComments(on);
  const { repository } = await world.octokit.graphql<{ repository: ThreadsAnswer }>(
    `query($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) { reviewThreads(first: 1) { nodes { comments(first: 1) { nodes { databaseId } } } } }
    } }`,
    { ...here, number: pull.number },
  );
  const comment_id = repository.pullRequest.reviewThreads.nodes[0].comments.nodes[0].databaseId;
  await pulls.createReplyForReviewComment({ ...on, comment_id, body: "Very" });
  await world.octokit.graphql(
    "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }",
    { id: pull.node_id },
  );
  await world.octokit.graphql(
    "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }",
    { id: pull.node_id },
  );
  await world.octokit.graphql(
    "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }",
    { id: pull.node_id },
  );
  await world.octokit.rest.issues.setLabels({ ...here, issue_number: pull.number, labels: ["x"] });
  await world.octokit.rest.issues.setLabels({ ...here, issue_number: pull.number, labels: [] });
  await world.octokit.rest.issues.addAssignees({ ...here, issue_number: pull.number, assignees: [owner] });
  await world.octokit.rest.issues.removeAssignees({ ...here, issue_number: pull.number, assignees: [owner] });
  await pulls.update({ ...on, state: "closed" });
  await pulls.update({ ...on, state: "open" });
  const { data: second } = await git.createCommit({
    ...here,
    message: "Again",
    tree: tree.sha,
    parents: [commit.sha],
  });
  await git.updateRef({ ...here, ref: "heads/topic", sha: second.sha });
  await pulls.merge(on);
  await git.deleteRef({ ...here, ref: "heads/topic" });
  expect(world.newProblems()).toEqual([]);
});

test("check runs answer in GitHub's shape", async () => {
  const { checks } = world.octokit.rest;
  const { data: branch } = await world.octokit.rest.repos.getBranch({ ...here, branch: "feature" });
  const actions = [{ label: "Try again", description: "Run it once more", identifier: "retry" }];
  const { data: run } = await checks.create({
    ...here,
    name: "verify",
    head_sha: branch.commit.sha,
    external_id: "7",
  });
  const annotation = {
    path: "README.md",
    start_line: 1,
    end_line: 1,
    annotation_level: "notice",
    message: "Hm",
  } as const;
  const on = { ...here, check_run_id: run.id };
  const output = { title: "Done", summary: "All green", annotations: [annotation] };
  await checks.update({ ...on, conclusion: "success", output, actions });
  await checks.get(on);
  await checks.listAnnotations(on);
  await checks.listForRef({ ...here, ref: "feature" });
  await world.github.clickCheckRun(run.id, { login: world.person.login, action: "retry" });
  await world.github.clickCheckRun(run.id, { login: world.person.login, action: "rerequest" });
  await world.github.clickCheckRun(run.id, { login: world.person.login, action: "rerequest-all" });
  expect(world.newProblems()).toEqual([]);
});

test("runs of GitHub Actions, deployments and searches answer in GitHub's shape", async () => {
  const { actions, repos, search } = world.octokit.rest;
  const jobs = [{ name: "test", conclusion: "failure", log: "It failed." }];
  const run = { branch: "main", conclusion: "failure", jobs };
  const { id: run_id } = await world.github.addWorkflowRun(`${owner}/${repo}`, run);
  await actions.getWorkflowRun({ ...here, run_id });
  const { data } = await actions.listJobsForWorkflowRun({ ...here, run_id });
  const job_id = data.jobs[0]?.id ?? 0;
  expect((await actions.downloadJobLogsForWorkflowRun({ ...here, job_id })).data).toBe("It failed.");
  await actions.reRunWorkflowFailedJobs({ ...here, run_id });
  await world.github.endWorkflowRun(`${owner}/${repo}`, run_id, {
    jobs: { test: { conclusion: "success" } },
  });
  const { data: main } = await repos.listCommits({ ...here, sha: "main" });
  const { data: runs } = await actions.listWorkflowRunsForRepo({ ...here, head_sha: main[0]?.sha });
  expect(runs.workflow_runs).toMatchObject([{ id: run_id, run_attempt: 2, conclusion: "success" }]);

  const wanted = { ...here, ref: "main", environment: "staging", required_contexts: [] };
  const { data: deployment } = await repos.createDeployment(wanted);
  const deployment_id = "id" in deployment ? deployment.id : 0;
  await repos.listDeployments(here);
  await repos.createDeploymentStatus({ ...here, deployment_id, state: "success" });
  await repos.listDeploymentStatuses({ ...here, deployment_id });
  expect((await search.code({ q: `add repo:${owner}/${repo}` })).data.total_count).toBe(1);
  expect(world.newProblems()).toEqual([]);
});

test("webhook deliveries can be listed, read and sent again in GitHub's shape", async () => {
  const { apps } = world.octokitApp.octokit.rest;
  const { data: deliveries } = await apps.listWebhookDeliveries();
  const delivery_id = deliveries[0]?.id ?? 0;
  await apps.getWebhookDelivery({ delivery_id });
  await apps.redeliverWebhookDelivery({ delivery_id });
  expect(world.newProblems()).toEqual([]);
});

test("every kind of event was sent, in GitHub's shape", async () => {
  await world.github.changeInstallation(world.installation.id, { repositories: [] });
  await world.github.changeInstallation(world.installation.id, { repositories: [repo] });
  await world.github.suspend(world.installation.id);
  await world.github.suspend(world.installation.id, false);
  await world.github.acceptPermissions(world.installation.id, everyPermission);
  await world.github.changeInstallation(world.installation.id, { repositories: "all" });
  await world.github.changeRepository(`${owner}/${repo}`, { archived: true });
  await world.github.changeRepository(`${owner}/${repo}`, { archived: false });
  await world.github.changeRepository(`${owner}/${repo}`, { private: false });
  await world.github.changeRepository(`${owner}/${repo}`, { private: true });
  await world.github.changeRepository(`${owner}/${repo}`, { name: "renamed" });
  await world.github.renameAccount(owner, "octo-renamed");
  await world.github.install({ appId: world.app.id, owner: "elsewhere" });
  await world.github.changeRepository("octo-renamed/renamed", { owner: "elsewhere" });
  await world.github.deleteRepository("elsewhere/renamed");
  await world.github.uninstall(world.installation.id);
  await world.hooks.until("installation.deleted");
  expect(world.hooks.received.flatMap(({ name, payload }) => problemsWithEvent(name, payload))).toEqual([]);
  expect([...new Set(world.hooks.names())].sort()).toEqual(eventNames.toSorted());
});

test("the stories above used every operation", () => {
  const used = [...world.operations].sort();
  expect(describedOperations.filter((operation) => !used.includes(operation))).toEqual([]);
});
