import { z } from "zod";
import { outgoingText } from "../../../shared/outgoing-text.ts";
import { owner, repo } from "../../tool.ts";
import { effectMarker } from "../effect-marker.ts";
import { githubTool } from "../github-tool.ts";
import { existed, pullNumber, sha } from "../inputs.ts";
import { readThreads, type Thread } from "../review-threads.ts";

/** Of a thread so many comments are looked through for an answer that was given before. */
const maxComments = 50;

const answer = z.object({
  thread: z.string().min(1).max(100).describe("The thread's id, from listReviewThreads"),
  reply: z.string().min(1).max(10_000).describe("The text, in Markdown"),
  changed: z.boolean().describe("Whether the code was changed for it"),
});

export const answerReviewThreads = githubTool({
  name: "answerReviewThreads",
  description:
    "Reply in several review threads of a pull request, each with the commit that changed the code for it. " +
    "An execution answers a thread once. Threads that are not there any more are left out.",
  effect: "write",
  idempotent: true,
  permissions: { pull_requests: "write" },
  input: z.object({
    owner,
    repo,
    number: pullNumber,
    sha: sha.nullish().describe("The commit with the changes, if there are any"),
    answers: z.array(answer).max(100).describe("The replies, each in its thread"),
  }),
  output: z.object({
    replies: z.array(z.object({ thread: z.string(), url: z.string(), existed })),
    gone: z.array(z.string()).describe("Threads that are not there (any more)"),
  }),
  async run({ owner, repo, number, sha, answers }, octokit, { capability: { execution } }) {
    const { threads, isOwn } = await readThreads(octokit, { owner, repo, number }, { comments: maxComments });
    const replies = [];
    const gone = [];
    for (const { thread: id, reply, changed } of answers) {
      const thread = threads.find((one) => one.id === id);
      const [first] = thread?.first.nodes ?? [];
      if (!thread || !first) {
        gone.push(id);
        continue;
      }
      const marker = effectMarker(execution, id);
      const before = answerIn(thread, marker, isOwn);
      if (before) {
        replies.push({ thread: id, url: before.url, existed: true });
        continue;
      }
      const body = [outgoingText(reply), changed && whatChanged(sha), marker].filter(Boolean).join("\n\n");
      const target = { owner, repo, pull_number: number, comment_id: first.databaseId };
      const { data } = await octokit.rest.pulls.createReplyForReviewComment({ ...target, body });
      replies.push({ thread: id, url: data.html_url, existed: false });
    }
    return { replies, gone };
  },
});

type IsOwn = (comment: Thread["last"]["nodes"][number]) => boolean;

function answerIn({ last }: Thread, marker: string, isOwn: IsOwn) {
  return last.nodes.find((comment) => isOwn(comment) && comment.body.includes(marker));
}

/** A change is one when there is a commit, whatever the reply claims. */
function whatChanged(sha: string | null | undefined): string {
  return sha ? `Changed in ${sha}.` : "No file was changed for this.";
}
