import { createHash, randomBytes } from "node:crypto";
import type { Database } from "./db.ts";

const openMs = 24 * 3_600_000;

/**
 * Opens the set-up for a day and gives the token of its link, which counts once. Whatever was open before is closed.
 * Only the token's hash is kept: whoever reads the database can't follow the link.
 */
export async function openSetup({ prisma }: Database): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await prisma.$transaction([
    prisma.setup.updateMany({ where: { closedAt: null }, data: { closedAt: new Date() } }),
    prisma.setup.create({
      data: { linkHash: hashOf(token), openUntil: new Date(Date.now() + openMs) },
    }),
  ]);
  return token;
}

export async function isSetupOpen({ prisma }: Database): Promise<boolean> {
  return (await prisma.setup.count({ where: { closedAt: null, openUntil: { gt: new Date() } } })) > 0;
}

/** A token as the database has it. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
