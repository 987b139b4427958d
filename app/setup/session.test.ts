import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { isSetupOpen, openSetup } from "../../shared/open-setup.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { closeSetup, followLink, newState, type Setup, setupOf, takeState } from "./session.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 2 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A browser that has followed a new link. */
async function open(): Promise<{ browser: string; setup: Setup }> {
  const browser = (await followLink(db, await openSetup(db))) ?? "";
  const setup = await setupOf(db, browser);
  if (!setup) throw new Error("Expected an open set-up");
  return { browser, setup };
}

test("a link opens the set-up for one browser, once", async () => {
  const token = await openSetup(db);
  const browser = await followLink(db, token);
  expect(await followLink(db, token)).toBeUndefined();
  expect(await setupOf(db, browser)).toBeDefined();
  for (const other of [undefined, "", token, "x".repeat(43)])
    expect(await setupOf(db, other)).toBeUndefined();
});

test("of two who follow the link at the same moment, one gets in", async () => {
  const token = await openSetup(db);
  const both = await Promise.all([followLink(db, token), followLink(db, token)]);
  expect(both.filter(Boolean)).toHaveLength(1);
});

test("a new link closes the set-up that was open, and a closed one stays closed", async () => {
  const { browser } = await open();
  const next = await open();
  expect(await setupOf(db, browser)).toBeUndefined();
  await closeSetup(db, next.setup.id);
  expect(await setupOf(db, next.browser)).toBeUndefined();
  expect(await isSetupOpen(db)).toBe(false);
});

test("after a day the set-up is closed by itself, its link too", async () => {
  const { browser } = await open();
  await db.prisma.setup.updateMany({ data: { openUntil: new Date(Date.now() - 1) } });
  expect(await setupOf(db, browser)).toBeUndefined();
  const token = await openSetup(db);
  await db.prisma.setup.updateMany({ data: { openUntil: new Date(Date.now() - 1) } });
  expect(await followLink(db, token)).toBeUndefined();
});

test("a state counts once, for the newest attempt of the set-up that it was made for, and for an hour", async () => {
  const other = await open();
  const foreign = await newState(db, other.setup.id, "https://a.example");
  const { setup } = await open();
  expect(await takeState(db, setup.id, foreign)).toBe(false);

  const old = await newState(db, setup.id, "https://a.example");
  const state = await newState(db, setup.id, "https://a.example");
  expect(await takeState(db, setup.id, old)).toBe(false);
  expect(await takeState(db, setup.id, state)).toBe(true);
  expect(await takeState(db, setup.id, state)).toBe(false);

  const late = await newState(db, setup.id, "https://a.example");
  await db.prisma.setup.updateMany({ data: { stateUntil: new Date(Date.now() - 1) } });
  expect(await takeState(db, setup.id, late)).toBe(false);
});

test("the database holds nothing that opens the set-up", async () => {
  const token = await openSetup(db);
  const before = JSON.stringify(await db.prisma.setup.findMany());
  const browser = (await followLink(db, token)) ?? "-";
  const after = JSON.stringify(await db.prisma.setup.findMany());
  expect(before).not.toContain(token);
  expect(after).not.toContain(browser);
});
