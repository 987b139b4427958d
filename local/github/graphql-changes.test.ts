import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
let issue: { number: number; node_id: string };
let repositoryId: string;
let headSha: string;
const label = async (name: string) =>
  (await world.asPerson.rest.issues.createLabel({ owner, repo, name })).data.node_id;
beforeAll(async () => {
  world = await openWorld();
  issue = (await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" })).data;
  repositoryId = (await world.octokit.rest.repos.get({ owner, repo })).data.node_id;
  headSha = (await world.github.repository(`${owner}/${repo}`)).branches.feature ?? "";
});
afterAll(() => world.close());

const details = () => world.github.repository(`${owner}/${repo}`);
type Answer = {
  data: Record<string, unknown>;
  errors?: { type?: string; path: string[]; message: string }[];
};
/** The whole answer, errors and all. */
async function change(mutation: string, input: object, token?: string): Promise<Answer> {
  const Input = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const response = await fetch(`${world.url}/api/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token ?? (await world.token())}` },
    body: JSON.stringify({
      query: `mutation ($input: ${Input}!) { ${mutation}(input: $input) { clientMutationId } }`,
      variables: { input },
    }),
  });
  return (await response.json()) as Answer;
}

test("several changes are one request, done in their order, and what one lacks the others do not", async () => {
  const [bug, old] = [await label("bug"), await label("old")];
  await world.asPerson.rest.issues.addLabels({ owner, repo, issue_number: issue.number, labels: ["old"] });
  const answer = world.octokit.graphql(
    `mutation ($comment: AddCommentInput!, $gone: UpdateIssueCommentInput!, $add: AddLabelsToLabelableInput!,
               $remove: RemoveLabelsFromLabelableInput!, $run: CreateCheckRunInput!) {
       comment: addComment(input: $comment) { commentEdge { node { id databaseId fullDatabaseId body } } }
       gone: updateIssueComment(input: $gone) { issueComment { id } }
       add: addLabelsToLabelable(input: $add) { labelable { labels(first: 9) { nodes { name } } } }
       remove: removeLabelsFromLabelable(input: $remove) { labelable { labels(first: 9) { nodes { name } } } }
       run: createCheckRun(input: $run) { checkRun { id databaseId status conclusion } }
     }`,
    {
      comment: { subjectId: issue.node_id, body: "Seen." },
      gone: { id: "IC_gone", body: "Never" },
      add: { labelableId: issue.node_id, labelIds: [bug] },
      remove: { labelableId: issue.node_id, labelIds: [old] },
      run: { repositoryId, headSha, name: "verify", status: "COMPLETED", conclusion: "TIMED_OUT" },
    },
  );
  const { data, errors } = await answer.then(
    () => ({ data: {}, errors: [] }),
    (error: { data: Record<string, unknown>; errors: object[] }) => error,
  );
  expect(errors).toMatchObject([{ type: "NOT_FOUND", path: ["gone"] }]);
  const [comment] = (await details()).issues[0]?.comments ?? [];
  expect(data).toMatchObject({
    comment: { commentEdge: { node: { databaseId: comment?.id, fullDatabaseId: String(comment?.id) } } },
    gone: null,
    remove: { labelable: { labels: { nodes: [{ name: "bug" }] } } },
    run: { checkRun: { status: "COMPLETED", conclusion: "TIMED_OUT" } },
  });
  for (const event of ["issue_comment.created", "issues.unlabeled", "check_run.completed"])
    await world.hooks.until(event);
});

test("a check run is changed as by REST, with annotations and buttons, within the same limits", async () => {
  const { data: run } = await world.octokit.rest.checks.create({
    owner,
    repo,
    name: "changed",
    head_sha: headSha,
  });
  const of = { repositoryId, checkRunId: run.node_id };
  const annotation = {
    ...{ path: "a", location: { startLine: 1, endLine: 2 }, annotationLevel: "WARNING", message: "m" },
  };
  const output = { title: "t", summary: "s", annotations: [annotation] };
  const actions = [{ label: "Retry", description: "Again", identifier: "retry" }];
  expect(await change("updateCheckRun", { ...of, output, actions, status: "IN_PROGRESS" })).toEqual({
    data: { updateCheckRun: { clientMutationId: null } },
  });
  expect((await details()).check_runs.find(({ id }) => id === run.id)).toMatchObject({
    status: "in_progress",
    annotations: [{ start_line: 1, end_line: 2, annotation_level: "warning" }],
    actions,
  });
  const tooMany = { ...output, annotations: Array(51).fill(annotation) };
  expect((await change("updateCheckRun", { ...of, output: tooMany })).errors).toMatchObject([
    { type: "UNPROCESSABLE", message: expect.stringContaining("50 annotations") },
  ]);
});

test.each([
  ["addComment", { issues: "read" }, () => ({ subjectId: issue.node_id, body: "No" })],
  ["addLabelsToLabelable", { checks: "write" }, () => ({ labelableId: issue.node_id, labelIds: [] })],
  ["createCheckRun", { issues: "write" }, () => ({ repositoryId, headSha, name: "No" })],
] as const)("%s takes its permission", async (mutation, permissions, input) => {
  const token = await world.token({ permissions });
  expect((await change(mutation, input(), token)).errors).toMatchObject([
    { type: "FORBIDDEN", path: [mutation], message: "Resource not accessible by integration" },
  ]);
});

test("a person writes no check run, and edits nobody else's comment without a role", async () => {
  const stranger = await world.github.createUser({ login: "stranger" });
  await world.github.setCollaborator(`${owner}/${repo}`, "stranger", "read");
  const { data } = await world.asPerson.rest.issues.createComment({
    ...{ owner, repo, issue_number: issue.number, body: "Mine" },
  });
  const edit = { id: data.node_id, body: "Yours" };
  expect((await change("updateIssueComment", edit, stranger.token)).errors).toMatchObject([
    { type: "FORBIDDEN" },
  ]);
  expect((await change("updateIssueComment", edit)).errors).toBeUndefined();
  const run = { repositoryId, headSha, name: "No" };
  expect((await change("createCheckRun", run, world.person.token)).errors).toMatchObject([
    { type: "FORBIDDEN" },
  ]);
});

test("a comment is content, whose limit holds for GraphQL as well", async () => {
  await world.github.setLimits({ contentPerMinute: 1 });
  await world.github.forgetRequests();
  const say = () =>
    world.octokit.graphql(
      "mutation ($input: AddCommentInput!) { addComment(input: $input) { clientMutationId } }",
      {
        input: { subjectId: issue.node_id, body: "Once more" },
      },
    );
  const refusals = [await refusalOf(say()), await refusalOf(say())];
  expect(refusals.at(-1)).toMatchObject({
    status: 403,
    message: expect.stringContaining("secondary rate limit"),
  });
  expect(
    (await world.github.requests()).filter(({ contentCreating }) => contentCreating).length,
  ).toBeLessThan(2);
  await world.github.setLimits({ contentPerMinute: null });
});

test("a field fails as told, and the others do their work", async () => {
  await world.github.addFault({
    path: "/graphql",
    field: "addComment",
    type: "FORBIDDEN",
    message: "Not today.",
  });
  const input = { subjectId: issue.node_id, body: "Later" };
  expect((await change("addComment", input)).errors).toMatchObject([
    { type: "FORBIDDEN", message: "Not today." },
  ]);
  expect((await change("addComment", input)).errors).toBeUndefined();
});
