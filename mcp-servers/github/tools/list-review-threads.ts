import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { clip, within } from "../bounded.ts";
import { githubTool } from "../github-tool.ts";
import { pullNumber } from "../inputs.ts";
import { readThreads, type Thread } from "../review-threads.ts";
import { Person, personOfNode } from "../shapes.ts";

const maxComments = 20;
const maxBody = 4_000;
const maxText = 100_000;

export const listReviewThreads = githubTool({
  name: "listReviewThreads",
  description:
    `List the review threads of a pull request, oldest first: where each is, and its last ${maxComments} comments. ` +
    "Threads that are resolved are left out unless asked for.",
  effect: "read",
  permissions: { pull_requests: "read" },
  input: z.object({
    owner,
    repo,
    number: pullNumber,
    resolved: z.boolean().default(false).describe("Whether to list threads that are resolved as well"),
    unanswered: z
      .boolean()
      .default(false)
      .describe(
        "Whether to list only those that wait for an answer: where this App has not had the last word in reply",
      ),
  }),
  output: z.object({
    threads: z.array(
      z.object({
        id: z.string().describe("The thread, for replyToReviewThread"),
        path: z.string(),
        line: z.number().nullable().describe("Null when the line is no longer in the diff"),
        originalLine: z.number().nullable().describe("The line when the thread was begun"),
        isResolved: z.boolean(),
        isOutdated: z.boolean(),
        isAnswered: z.boolean().describe("Whether this App has had the last word, in reply to the thread"),
        comments: z.array(
          z.object({ id: z.number(), author: Person, body: z.string(), createdAt: z.string() }),
        ),
        earlierComments: z.number().describe("How many comments there are before these"),
      }),
    ),
    leftOut: z.number().describe("How many of the threads asked for, or earlier ones, are not shown"),
  }),
  async run({ resolved, unanswered, ...pull }, octokit) {
    const { threads: all, total, isOwn } = await readThreads(octokit, pull, { comments: maxComments });
    const wanted = all
      .map((thread) => shownThread(thread, isAnswered(thread, isOwn)))
      .filter((thread) => (resolved || !thread.isResolved) && !(unanswered && thread.isAnswered));
    const threads = within(wanted, maxText, (thread) => JSON.stringify(thread).length);
    return { threads, leftOut: wanted.length - threads.length + total - all.length };
  },
});

function isAnswered(
  { last }: Thread,
  isOwn: (comment: Thread["last"]["nodes"][number] | undefined) => boolean,
) {
  return last.totalCount > 1 && isOwn(last.nodes.at(-1));
}

function shownThread(
  { id, path, line, originalLine, isResolved, isOutdated, last }: Thread,
  isAnswered: boolean,
) {
  return {
    ...{ id, path, line, originalLine, isResolved, isOutdated, isAnswered },
    comments: last.nodes.map(({ databaseId, body, createdAt, author }) => ({
      id: databaseId,
      author: personOfNode(author),
      body: clip(body, maxBody),
      createdAt,
    })),
    earlierComments: last.totalCount - last.nodes.length,
  };
}
