// A reaction says in one request, and to nobody's inbox, what became of a comment.
import type { TriggerSource } from "./trigger.ts";

/** GraphQL's names; it alone knows reviews as something to react to. */
export type Reaction = "EYES" | "ROCKET" | "HOORAY" | "CONFUSED";

/** What is asked of a client: that of Probot and that of the other processes are of different types. */
export type Reacting = { graphql(query: string, variables: Variables): Promise<unknown> };
type Variables = { subjectId: string; content: Reaction };

/** Reacts to what a command was written in. GitHub keeps one reaction of a kind from each account. */
export async function react(octokit: Reacting, { node }: TriggerSource, content: Reaction): Promise<void> {
  await octokit.graphql(
    `mutation ($subjectId: ID!, $content: ReactionContent!) {
      addReaction(input: { subjectId: $subjectId, content: $content }) { reaction { content } }
    }`,
    { subjectId: node, content },
  );
}
