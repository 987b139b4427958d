import { z } from "zod";
import type { IngestDeps } from "../ingest.ts";
import { saveDelivery } from "../ingest.ts";
import { isSigned } from "../signature.ts";
import { ActionsCall, actionsEvent, validSeconds } from "./call.ts";

/**
 * Takes one call: checks the signature over the raw bytes and its time, writes the row, answers 202. The same call again
 * is a 202 and no new row.
 */
export async function takeCall(request: Request, deps: IngestDeps): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer());
  const refuse = (status: number, error: string) => Response.json({ error }, { status });
  if (!isSigned(body, request.headers.get("x-afu9-signature-256") ?? undefined, deps.secrets))
    return refuse(401, "The signature in X-AFU9-Signature-256 does not fit the body. See docs/actions.md.");

  const call = parse(body);
  if ("fault" in call) return refuse(400, call.fault);
  if (Math.abs(Date.now() / 1_000 - call.timestamp) > validSeconds)
    return refuse(401, `It was signed more than ${validSeconds} seconds ago, or by a clock that is wrong.`);

  const id = `actions-${call.nonce}`;
  await saveDelivery({ id, event: actionsEvent, body }, deps);
  return Response.json({ delivery: id }, { status: 202 });
}

function parse(body: Buffer): ActionsCall | { fault: string } {
  try {
    const parsed = ActionsCall.safeParse(JSON.parse(body.toString("utf8")));
    return parsed.success ? parsed.data : { fault: z.prettifyError(parsed.error) };
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: "The body is not JSON." };
    throw error;
  }
}
