// Why what somebody did started nothing, in a row each: `/afu9 why` tells it.
import type { Database } from "../../shared/db.ts";
import { storableText } from "../../shared/storable-text.ts";

export type TriggerDecision = { actor: string; wish: string; reason: string; createdAt: Date };

type Happened = {
  id: string;
  payload: { sender: { login: string }; repository: { id: number } };
};

/** How many are told. */
const newest = 5;
const longest = 500;

/** Writes down what came of a delivery. Handled again, it is written once. */
export async function noteDecision(
  { prisma }: Pick<Database, "prisma">,
  { id, payload }: Happened,
  { issue, wish, reason }: { issue: number; wish: string; reason: string },
): Promise<void> {
  const row = {
    deliveryId: id,
    repositoryId: payload.repository.id,
    issueNumber: issue,
    actor: payload.sender.login,
    wish: kept(wish),
    reason: kept(reason),
  };
  await prisma.triggerDecision.createMany({ data: [row], skipDuplicates: true });
}

/** The newest decisions about an issue or a pull request, the newest first. */
export async function readDecisions(
  { prisma }: Pick<Database, "prisma">,
  { repository, number }: { repository: number; number: number },
): Promise<TriggerDecision[]> {
  return prisma.triggerDecision.findMany({
    where: { repositoryId: repository, issueNumber: number },
    orderBy: { createdAt: "desc" },
    take: newest,
    select: { actor: true, wish: true, reason: true, createdAt: true },
  });
}

function kept(text: string): string {
  return storableText(text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`);
}
