// What no argument may do: leave the repository, name something that a program takes for an option, or run.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
beforeAll(async () => {
  server = await openGithubServer();
});
afterAll(() => server.close());

const sha = "a".repeat(40);
const file = (path: string) => ({ path, mode: "100644", content: "" });
const commit = (path: string) => ({
  branch: "b",
  expectedHead: sha,
  message: "m",
  files: [file(path)],
});
const paths = [
  ...["../secrets", "src/../../secrets", "..", ".", "", "/etc/passwd", "//host/share", "src//add.js", "src/"],
  ...[
    ".git/config",
    ".GIT/hooks/pre-commit",
    "src/.git/config",
    "-rf",
    "--output=x",
    "a\0b",
    "a\nb",
    "..\\secrets",
  ],
];
const refs = [
  "-b",
  "--upload-pack=touch x",
  "main..v1",
  "main~1",
  "main^",
  "HEAD@{1}",
  "a b",
  "a:b",
  "x.lock",
  "",
  "/x",
  "\u0000",
];

const table: [tool: string, what: string, args: Record<string, unknown>, named: string][] = [
  ...paths.flatMap((path): typeof table => [
    ["getFile", `the path ${JSON.stringify(path)}`, { path }, "path"],
    ["searchCode", `the folder ${JSON.stringify(path)}`, { text: "add", folder: path }, "folder"],
    ["commitChanges", `the path ${JSON.stringify(path)}`, commit(path), "files"],
    [
      "createReview",
      `the path ${JSON.stringify(path)}`,
      { number: 1, sha, comments: [{ path, line: 1, body: "b" }] },
      "comments.0.path",
    ],
  ]),
  ...refs.flatMap((ref): typeof table => [
    ["getFile", `the ref ${JSON.stringify(ref)}`, { path: "README.md", ref }, "ref"],
    ["createBranch", `the branch ${JSON.stringify(ref)}`, { branch: ref, sha }, "branch"],
    [
      "createPullRequest",
      `the head ${JSON.stringify(ref)}`,
      { head: ref, base: "main", title: "t", body: "" },
      "head",
    ],
    ["listPullRequests", `the base ${JSON.stringify(ref)}`, { base: ref }, "base"],
  ]),
  ["getIssue", "an address as a number", { number: "1/../../../user" }, "number"],
  ["getIssue", "a negative number", { number: -1 }, "number"],
  ["getWorkflowRun", "a fraction", { run: 1.5 }, "run"],
  ["getWorkflowRun", "a path", { run: "1/logs" }, "run"],
  ["rerunFailedJobs", "no attempt", { run: 1 }, "attempt"],
  ["createCheckRun", "a branch as a commit", { sha: "main", name: "n" }, "sha"],
  ["createCheckRun", "a name like an option", { sha, name: "--name" }, "name"],
  ["updateCheckRun", "a script as a link", { checkRun: 1, detailsUrl: "javascript:alert(1)" }, "detailsUrl"],
  ["createDeployment", "an option as an environment", { sha, environment: "-x" }, "environment"],
  ["createDeployment", "a path as an environment", { sha, environment: "../x" }, "environment"],
  [
    "createDeploymentStatus",
    "a file as a link",
    { deployment: 1, state: "success", logUrl: "file:///etc/passwd" },
    "logUrl",
  ],
  ["createReview", "an approval", { number: 1, sha, event: "APPROVE", body: "Yes" }, "event"],
  ["createReview", "too long a text", { number: 1, sha, body: "b".repeat(60_001) }, "body"],
  ["replyToReviewThread", "a path as a thread", { number: 1, thread: "../../user", body: "b" }, "thread"],
  ["replyToReviewThread", "an option as a thread", { number: 1, thread: "-PRRT", body: "b" }, "thread"],
  ["searchCode", "the end of a phrase", { text: 'add" repo:octo-org/other "' }, "text"],
  ["searchCode", "another line", { text: "add\nrepo:octo-org/other" }, "text"],
  [
    "searchCode",
    "a qualifier behind an extension",
    { text: "add", extension: "js repo:octo-org/other" },
    "extension",
  ],
  ["searchCode", "a qualifier behind a folder", { text: "add", folder: "src repo:octo-org/other" }, "folder"],
  ["addLabels", "two labels as one", { number: 1, labels: ["a,b"] }, "labels"],
  ["addLabels", "too many labels", { number: 1, labels: Array(21).fill("l") }, "labels"],
  ["removeLabel", "a label that is an address", { number: 1, label: ".." }, "label"],
  ["removeLabel", "the folder itself", { number: 1, label: "." }, "label"],
  ["addReaction", "a reaction that is none", { number: 1, content: "../eyes" }, "content"],
  [
    "getFile",
    "an argument that it has not",
    { path: "README.md", baseUrl: "http://169.254.169.254" },
    "arguments",
  ],
];

test.each(table)("%s refuses %s, and asks GitHub nothing", async (tool, _, args, named) => {
  expect(await server.refused(tool, args)).toMatch(
    new RegExp(`^The arguments of ${tool} can't be used:\\n- ${named.replaceAll(".", "\\.")}(\\.\\S+)?: `),
  );
  expect(await server.world.github.requests()).toEqual([]);
});
