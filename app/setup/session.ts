// Who may set AFU-9 up: the browser that followed the operator's link first. All of it is in the database, because the process
// that makes the App is not the one that shows afterwards what is missing.
import { randomBytes } from "node:crypto";
import type { Database } from "../../shared/db.ts";
import { hashOf } from "../../shared/open-setup.ts";

export type Setup = { id: string; publicUrl: string | null };
const stateMs = 3_600_000;

const whereOpen = () => ({ closedAt: null, openUntil: { gt: new Date() } });

/** Takes the link's token, once, and gives what the browser keeps as its cookie. */
export async function followLink({ prisma }: Database, token: string): Promise<string | undefined> {
  const browser = randomBytes(32).toString("base64url");
  const { count } = await prisma.setup.updateMany({
    where: { ...whereOpen(), linkHash: hashOf(token) },
    data: { linkHash: null, browserHash: hashOf(browser) },
  });
  return count === 1 ? browser : undefined;
}

/** The open set-up of the browser with this cookie. */
export async function setupOf({ prisma }: Database, browser: string | undefined): Promise<Setup | undefined> {
  if (!browser) return undefined;
  const found = await prisma.setup.findFirst({
    where: { ...whereOpen(), browserHash: hashOf(browser) },
    select: { id: true, publicUrl: true },
  });
  return found ?? undefined;
}

/** Makes what GitHub has to bring back within an hour. An earlier one no longer counts. */
export async function newState({ prisma }: Database, id: string, publicUrl: string): Promise<string> {
  const state = randomBytes(32).toString("base64url");
  await prisma.setup.update({
    where: { id },
    data: { stateHash: hashOf(state), stateUntil: new Date(Date.now() + stateMs), publicUrl },
  });
  return state;
}

/** Whether this is the state that this set-up waits for. It counts once. */
export async function takeState({ prisma }: Database, id: string, state: string): Promise<boolean> {
  const { count } = await prisma.setup.updateMany({
    where: { ...whereOpen(), id, stateHash: hashOf(state), stateUntil: { gt: new Date() } },
    data: { stateHash: null, stateUntil: null },
  });
  return count === 1;
}

export async function closeSetup({ prisma }: Database, id: string): Promise<void> {
  await prisma.setup.update({ where: { id }, data: { closedAt: new Date() } });
}
