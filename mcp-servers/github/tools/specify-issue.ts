import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { outgoingLine, outgoingText } from "../../../shared/outgoing-text.ts";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { issueNumber } from "../inputs.ts";
import { briefingIn, specified } from "../specified-body.ts";

/** GitHub's limit for the text of an issue. */
const maxBody = 65_536;

export const specifyIssue = githubTool({
  name: "specifyIssue",
  description:
    "Put a specification above the text of an issue. What people wrote there is kept below it, word for word; a specification " +
    "that was put there before is replaced. The title stays, unless it is empty.",
  effect: "write",
  idempotent: true,
  permissions: { issues: "write" },
  input: z.object({
    owner,
    repo,
    number: issueNumber,
    specification: z.string().min(1).max(40_000).describe("The specification, in Markdown"),
    title: z.string().min(1).max(200).optional().describe("The title, for an issue that has none"),
  }),
  output: z.object({ number: z.number(), title: z.string(), url: z.string(), body: z.string() }),
  async run({ owner, repo, number, specification, title }, octokit) {
    const target = { owner, repo, issue_number: number };
    const { data: issue } = await octokit.rest.issues.get(target);
    const body = specified(outgoingText(specification), briefingIn(issue.body ?? ""));
    if (body.length > maxBody) {
      throw new ToolFailure(
        `The specification and the issue's own text have ${body.length} characters together, and ${maxBody} are possible. Write a shorter specification.`,
      );
    }
    const named = !issue.title.trim() && title ? { title: outgoingLine(title) } : {};
    const isDone = issue.body === body && !named.title;
    const { data } = isDone
      ? { data: issue }
      : await octokit.rest.issues.update({ ...target, body, ...named });
    return { number: data.number, title: data.title, url: data.html_url, body };
  },
});
