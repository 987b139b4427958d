// The list of what GraphQL changes here.
import { parse } from "graphql";
import type { Actor, Hub } from "../hub.ts";
import { addReaction, removeReaction } from "./add-reaction.ts";
import { createCheckRun, updateCheckRun } from "./check-runs.ts";
import { createCommitOnBranch } from "./create-commit-on-branch.ts";
import {
  addComment,
  addLabelsToLabelable,
  removeLabelsFromLabelable,
  updateIssueComment,
} from "./discussions.ts";
import { failIfTold } from "./faults.ts";
import { resolveThread } from "./resolve-thread.ts";
import { setDraft } from "./set-draft.ts";

type Mutation = (hub: Hub, actor: Actor, args: never) => unknown;
type DraftArguments = Parameters<typeof setDraft>[2];

const mutations: Record<string, Mutation> = {
  createCommitOnBranch,
  markPullRequestReadyForReview: (hub, actor, args: DraftArguments) => setDraft(hub, actor, args, false),
  convertPullRequestToDraft: (hub, actor, args: DraftArguments) => setDraft(hub, actor, args, true),
  resolveReviewThread: resolveThread,
  addReaction,
  removeReaction,
  addComment,
  updateIssueComment,
  addLabelsToLabelable,
  removeLabelsFromLabelable,
  createCheckRun,
  updateCheckRun,
};

/** What people are told of, and GitHub therefore bounds by the minute. */
const contentCreating = ["addComment"];

/** The mutations as graphql-js calls them: the fields of one request one after the other, each with its own end. */
export function mutationsFor(hub: Hub, actor: Actor): Record<string, (args: never) => unknown> {
  const bound = Object.entries(mutations).map(([name, mutate]) => [
    name,
    (args: never) => {
      failIfTold(hub, name);
      return mutate(hub, actor, args);
    },
  ]);
  return Object.fromEntries(bound);
}

/** Whether a document, which may be none, makes something that people are told of. */
export function createsContent(source: string): boolean {
  try {
    return parse(source).definitions.some(
      (one) =>
        one.kind === "OperationDefinition" &&
        one.operation === "mutation" &&
        one.selectionSet.selections.some(
          (field) => field.kind === "Field" && contentCreating.includes(field.name.value),
        ),
    );
  } catch {
    return false;
  }
}
