import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "../prisma/generated/client.ts";

export type Database = {
  /** For the journal's hot writes and for SQL that Prisma has no words for. */
  pool: pg.Pool;
  /** For all ordinary reads and writes. It uses the same pool. */
  prisma: PrismaClient;
  close(): Promise<void>;
};

/**
 * Connects to PostgreSQL by one pool of at most `max` connections. With the queue's own, a worker has 30 at most: a server
 * with its usual 100 takes an app and two workers; raise `max_connections` for more.
 */
export function connectDatabase(url: string, { max = 12 } = {}): Database {
  const pool = new pg.Pool({ connectionString: url, max });
  // A lost idle connection is replaced at its next use; without a listener the error would end the process.
  pool.on("error", () => {});
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
