import { createHmac, timingSafeEqual } from "node:crypto";
import type { Database } from "../shared/db.ts";
import type { Logger } from "../shared/logger.ts";
import type { Queues } from "../shared/queue.ts";

type Deps = { db: Pick<Database, "pool">; queues: Pick<Queues, "nudge">; secret: string; log: Logger };

/**
 * Takes one webhook: checks the signature over the raw bytes, writes the row, answers 202, and nothing else.
 * A 2xx is never given before the commit. A delivery that is already there is a 2xx and no new row.
 */
export async function ingest(request: Request, { db, queues, secret, log }: Deps): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer());
  if (!isSigned(body, request.headers.get("x-hub-signature-256"), secret)) {
    return Response.json(
      { error: "The signature in X-Hub-Signature-256 does not fit the body." },
      { status: 401 },
    );
  }
  const id = request.headers.get("x-github-delivery");
  const event = request.headers.get("x-github-event");
  if (!id || !event) {
    return Response.json(
      { error: "Expected the headers X-GitHub-Delivery and X-GitHub-Event." },
      { status: 400 },
    );
  }

  await db.pool.query(
    "INSERT INTO webhook_deliveries (id, event, payload) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
    [id, event, body],
  );
  relay(id, queues, log);
  return Response.json({ delivery: id }, { status: 202 });
}

/** Nudges intake without making GitHub wait for it. When the nudge is lost, a chore finds the row. */
function relay(id: string, queues: Deps["queues"], log: Logger): void {
  queues
    .nudge("deliveries", id, { hurry: true })
    .catch((error: Error) => log.warn({ error: error.message, delivery: id }, "relay failed"));
}

function isSigned(body: Buffer, signature: string | null, secret: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(signature ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
