import { z } from "zod";
import type { Database } from "../shared/db.ts";
import { Refusal } from "../shared/errors.ts";
import { WrongUsage } from "./exit-codes.ts";
import { typed } from "./wording.ts";

type Found = { id: string; status: string; place: string };

const shortest = 6;
const maxMatches = 10;

/** Finds the id of the execution that a person means by an id, or by a part of one from its beginning or its end. */
export async function findExecution({ pool }: Database, text: string): Promise<string> {
  const part = text.toLowerCase();
  if (part.length < shortest || !/^[0-9a-f-]+$/.test(part))
    throw new WrongUsage(
      `Expected an execution's id, or at least ${shortest} characters of its beginning or its end, got "${text}".`,
    );

  const isWhole = z.guid().safeParse(part).success;
  const { rows } = await pool.query<Found>(
    `SELECT e.id, e.status, r.owner || '/' || r.name || '#' || e.issue_number AS place
       FROM workflow_executions e JOIN repositories r ON r.id = e.repository_id
      WHERE ${isWhole ? "e.id = $1" : "e.id::text LIKE $1 || '%' OR e.id::text LIKE '%' || $1"}
      ORDER BY e.created_at DESC LIMIT ${maxMatches + 1}`,
    [part],
  );
  const [found] = rows;
  if (!found)
    throw new Refusal(`There is no execution ${text}. \`${typed} executions list\` shows those there are.`);
  if (rows.length === 1) return found.id;
  throw new Refusal(`Several executions fit ${text}. Type more of the id:\n${listed(rows)}`);
}

function listed(rows: Found[]): string {
  const lines = rows.slice(0, maxMatches).map(({ id, status, place }) => `  ${id}  ${status}  ${place}`);
  return [...lines, ...(rows.length > maxMatches ? ["  …"] : [])].join("\n");
}
