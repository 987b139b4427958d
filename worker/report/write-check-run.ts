import { z } from "zod";
import { unlessGone } from "../../shared/unless-gone.ts";
import { type Annotation, annotationsAtOnce } from "./annotations.ts";
import type { Around } from "./around.ts";
import { findCheckRun } from "./find-check-run.ts";
import type { Change, Mutate } from "./one-request.ts";
import type { Snapshot } from "./snapshot.ts";
import { wentOn } from "./wording.ts";

/** What the execution's row says of its check run. */
export type ShownCheckRun = Pick<
  Snapshot,
  "checkRunId" | "checkRunNode" | "checkRunSha" | "checkRunKey" | "isAnnotated"
>;

type Writing = {
  shown: ShownCheckRun;
  headSha: string;
  /** What is done before. */
  before: Change[];
  content: { output: { title: string; summary: string } };
  annotations: Annotation[];
  around: Around;
};
type Written = Pick<ShownCheckRun, "checkRunId" | "checkRunNode">;

const gives = "checkRun { id databaseId }";
const Made = z.object({ checkRun: z.object({ id: z.string(), databaseId: z.coerce.bigint() }) });

/** Changes the check run that is there, or makes it. More annotations than GitHub takes at once are several changes. */
export async function writeCheckRun(
  mutate: Mutate,
  snapshot: Snapshot,
  { shown, headSha, before, content, around, ...writing }: Writing,
): Promise<Written> {
  const repositoryId = await around.nodes.repository();
  // An earlier report may have made it, or have sent the annotations, which GitHub adds to those that are there.
  const mayBeThere = snapshot.isReporting || (shown.checkRunId !== null && shown.checkRunNode === null);
  const found = mayBeThere ? await findCheckRun(snapshot, headSha, around) : undefined;
  const annotations = found && found.annotations > 0 ? [] : writing.annotations;
  const [first = [], ...others] = batches(annotations);
  const change = (name: string, input: object, some: Annotation[]): Change => ({
    ...{ name, gives },
    input: { repositoryId, ...content, ...input, output: { ...content.output, annotations: some } },
  });
  const update = (checkRunId: string) => (some: Annotation[]) =>
    change("updateCheckRun", { checkRunId }, some);

  const node = shown.checkRunNode ?? found?.node;
  if (node === undefined || annotations.length > 0) await around.intend();
  if (node !== undefined) {
    await allOf(mutate, before, [first, ...others].map(update(node)));
    return { checkRunId: shown.checkRunId ?? found?.id ?? null, checkRunNode: node };
  }
  const made = change("createCheckRun", { ...newOne(snapshot), headSha }, first);
  const { checkRun } = Made.parse(await allOf(mutate, before, [made]));
  await allOf(mutate, [], others.map(update(checkRun.id)));
  return { checkRunId: checkRun.databaseId, checkRunNode: checkRun.id };
}

function newOne({ id, startedAt }: Snapshot) {
  return { name: "AFU-9", externalId: id, ...(startedAt && { startedAt: startedAt.toISOString() }) };
}

function batches(annotations: Annotation[]): Annotation[][] {
  const count = Math.ceil(annotations.length / annotationsAtOnce);
  return Array.from({ length: count }, (_, index) =>
    annotations.slice(index * annotationsAtOnce, (index + 1) * annotationsAtOnce),
  );
}

/** Gives the answer to the last one. What is done before may be gone. */
async function allOf(mutate: Mutate, before: Change[], changes: Change[]): Promise<unknown> {
  const answers = mutate([...before, ...changes]).map((answer, index) =>
    index < before.length ? unlessGone(answer) : answer,
  );
  return (await Promise.all(answers)).at(-1);
}

/** Nobody is to wait for a check run on a commit that is no longer worked on. */
export async function completionOf(snapshot: Snapshot, headSha: string, around: Around): Promise<Change[]> {
  const { checkRunNode, checkRunSha } = snapshot;
  const checkRunId = checkRunNode ?? (await findCheckRun(snapshot, checkRunSha ?? "", around))?.node;
  if (checkRunId === undefined) return [];
  const repositoryId = await around.nodes.repository();
  const shown = { status: "COMPLETED", conclusion: "NEUTRAL", output: wentOn(headSha), actions: [] };
  return [{ name: "updateCheckRun", input: { repositoryId, checkRunId, ...shown }, gives }];
}
