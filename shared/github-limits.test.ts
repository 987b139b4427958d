import { expect, test } from "@jest/globals";
import { createsContent } from "./github-limits.ts";

const graphql = (query: string) => createsContent({ method: "POST", url: "/graphql", query });
const mutation = (...fields: string[]) =>
  `mutation ($p: P!) {\n${fields.map((name, index) => `part${index}: ${name}(input: $p) { x }`).join("\n")}\n}`;

test.each([
  ["a query", "query ($n: Int!) { repository(owner: $n) { id } }", false],
  ["a commit", mutation("createCommitOnBranch"), false],
  ["a report of progress", mutation("updateIssueComment", "updateCheckRun", "addReaction"), false],
  ["a report that begins", mutation("addLabelsToLabelable", "addComment"), true],
  ["a mutation that nothing is known of", mutation("updateCheckRun", "createDiscussion"), true],
  ["a mutation that is written otherwise", "mutation { addComment(input: {body: $b}) { x } }", true],
  ["what can't be told", "mutation M { ...fields }", true],
])("whether GitHub counts %s as content", (_, query, isContent) => {
  expect(graphql(query)).toBe(isContent);
});

test("a comment by REST is content, its edit and a look at it are not", () => {
  const url = "/repos/acme/sample/issues/1/comments";
  expect(createsContent({ method: "POST", url })).toBe(true);
  expect(createsContent({ method: "GET", url })).toBe(false);
});
