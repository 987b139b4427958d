import { type ECSClient, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import type { Target } from "../targets.ts";
import { containerOf, type Revision, readRevision, shortName } from "./task-definition.ts";

/** In a revision's tags: the execution that registered it, and the revision that it was made from, as `web:12`. */
export const executionTag = "afu9:execution";
export const baseTag = "afu9:base";

/** So many revisions above the running one are looked at. */
const mostNewer = 10;

/** The revision that this execution registered before, from the same base with the same image. */
export async function findOwnRevision(
  { ecs, signal }: { ecs: ECSClient; signal: AbortSignal },
  base: Revision,
  { target, image, execution }: { target: Target; image: string; execution: string },
): Promise<Revision | undefined> {
  const list = new ListTaskDefinitionsCommand({
    familyPrefix: base.family,
    status: "ACTIVE",
    sort: "DESC",
    maxResults: mostNewer,
  });
  const { taskDefinitionArns = [] } = await ecs.send(list, { abortSignal: signal });
  const newer = taskDefinitionArns.filter((arn) => Number(arn.split(":").at(-1)) > base.number);
  for (const arn of newer) {
    const revision = await readRevision({ ecs, signal }, arn);
    const isOwn =
      revision.tags.get(executionTag) === execution && revision.tags.get(baseTag) === shortName(base.arn);
    if (isOwn && containerOf(revision, target).image === image) return revision;
  }
  return undefined;
}
