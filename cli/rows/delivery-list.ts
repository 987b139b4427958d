import type { Pool } from "pg";
import { milliseconds } from "./execution-list.ts";

export type ListedDelivery = {
  id: string;
  event: string;
  /** Where the payload begins with it, as GitHub writes it. */
  action: string | null;
  status: string;
  error: string | null;
  receivedAt: Date;
  processedAt: Date | null;
  ageMs: number;
};

export type DeliveryFilter = { status?: string; event?: string; limit: number };

/** The newest deliveries first. */
export async function listDeliveries(
  pool: Pool,
  { status, event, limit }: DeliveryFilter,
): Promise<ListedDelivery[]> {
  const [name, action] = event?.split(".") ?? [];
  const { rows } = await pool.query<ListedDelivery>(
    `SELECT id, event, action, status, error, received_at AS "receivedAt", processed_at AS "processedAt",
            ${milliseconds("now() - received_at")} AS "ageMs"
       FROM webhook_deliveries,
            substring(encode(substring(payload FROM 1 FOR 100), 'escape') FROM '^\\s*\\{\\s*"action":\\s*"([a-z_]+)"') AS action
      WHERE ($1::delivery_status IS NULL OR status = $1) AND ($2::text IS NULL OR event = $2)
        AND ($3::text IS NULL OR action = $3)
      ORDER BY received_at DESC, id LIMIT $4`,
    [status, name, action, limit],
  );
  return rows;
}
