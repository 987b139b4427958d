import type { PoolClient } from "pg";
import type { Database } from "../shared/db.ts";

/** Reads several things as they were at one moment. The database refuses any write. */
export async function readOnly<T>({ pool }: Database, read: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  client.on("error", ignore);
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const result = await read(client);
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    // The transaction ends with its connection.
    client.release(true);
    throw error;
  } finally {
    client.off("error", ignore);
  }
}

function ignore(): void {}
