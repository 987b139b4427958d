// Every payload of a public collection of real webhooks goes the whole way: server, row, queue, Probot, handlers.
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { type OpenApp, openApp } from "../test/open-app.ts";

const collection = z
  .array(z.object({ name: z.string(), examples: z.array(z.looseObject({})) }))
  .parse(createRequire(import.meta.url)("@octokit/webhooks-examples/api.github.com/index.json"));
const examples = collection.flatMap(({ name, examples }) =>
  examples.map((payload, index) => ({ id: `${name}-${index}`, event: name, payload })),
);

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
let door: OpenApp;
beforeAll(async () => {
  process.on("unhandledRejection", note);
  door = await openApp();
});
afterAll(async () => {
  await door.close();
  process.off("unhandledRejection", note);
});

/** A forced push may have changed the configuration: GitHub is asked, and says that it knows no such repository. */
function isOutOfReach({ event, error }: { event: string; error: string | null }): boolean {
  return event === "push" && /^Not Found\b/.test(error ?? "");
}

test.each([
  ["as it was sent", (payload: object) => payload],
  // With an installation that exists, so that the handlers ask GitHub, where these repositories are none of ours.
  [
    "to our own installation",
    (payload: object) => ({ ...payload, installation: { id: door.world.installation.id } }),
  ],
])(
  "every public payload, %s, is taken, handled and starts nothing",
  async (how, change) => {
    await door.db.prisma.webhookDelivery.deleteMany();
    const statuses = await Promise.all(
      examples.map(({ id, event, payload }) => door.deliver(`${id}-${how.length}`, event, change(payload))),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    const rows = await door.outcomes();
    expect(rows).toHaveLength(examples.length);
    expect(rows.filter((row) => row.status !== "processed" && !isOutOfReach(row))).toEqual([]);
    expect(await door.db.prisma.workflowExecution.count()).toBe(0);
    expect(unhandled).toEqual([]);
  },
  300_000,
);

test("the collection is the whole one", () => {
  expect(examples.length).toBeGreaterThanOrEqual(329);
  expect(new Set(examples.map(({ event }) => event)).size).toBeGreaterThan(50);
});
