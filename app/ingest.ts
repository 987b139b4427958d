import type { Database } from "../shared/db.ts";
import type { Logger } from "../shared/logger.ts";
import type { Queues } from "../shared/queue.ts";
import { isSigned } from "./signature.ts";
import { namesOf } from "./webhook-headers.ts";

export type IngestDeps = {
  db: Pick<Database, "pool">;
  queues: Pick<Queues, "nudge">;
  secrets: string[];
  log: Logger;
};

/**
 * Takes one webhook whose headers are in order: checks the signature over the raw bytes, writes the row, answers 202, and nothing else.
 * A 2xx is never given before the commit. A delivery that is already there is a 2xx and no new row.
 */
export async function ingest(request: Request, deps: IngestDeps): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer());
  if (!isSigned(body, request.headers.get("x-hub-signature-256") ?? undefined, deps.secrets)) {
    return Response.json(
      { error: "The signature in X-Hub-Signature-256 does not fit the body." },
      { status: 401 },
    );
  }
  const { id, event } = namesOf((name) => request.headers.get(name));
  await saveDelivery({ id, event, body }, deps);
  return Response.json({ delivery: id }, { status: 202 });
}

/** Writes the row, unless it is there, and nudges intake. */
export async function saveDelivery(
  { id, event, body }: { id: string; event: string; body: Buffer },
  { db, queues, log }: IngestDeps,
): Promise<void> {
  await db.pool.query(
    "INSERT INTO webhook_deliveries (id, event, payload) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
    [id, event, body],
  );
  relay(id, queues, log);
}

/** Nudges intake without making GitHub wait for it. When the nudge is lost, a chore finds the row. */
function relay(id: string, queues: IngestDeps["queues"], log: Logger): void {
  queues
    .nudge("deliveries", id, { hurry: true })
    .catch((error: Error) => log.warn({ error: error.message, delivery: id }, "relay failed"));
}
