// The database's own book of who wrote what: it does not trust what a worker says of its lease. Triggers note each claim with
// the process that made it (`application_name`), each write to an execution's journal by any other process, and each call that
// changes something outside without a row that says so before.
import type pg from "pg";
import { githubTools } from "../../mcp-servers/github/tools.ts";
import { workspaceTools } from "../../mcp-servers/workspace/tools.ts";

const effects = [
  ...githubTools.map((tool) => ({ ...tool, server: "github" })),
  ...workspaceTools.map((tool) => ({ ...tool, server: "workspace" })),
].flatMap(({ server, name, effect }) => (effect === "read" ? [] : [`'${server}.${name}'`]));

/** A claim of an execution. */
export type Claimed = { execution: string; writer: string; at: Date; leaseMs: number };

const sql = `
CREATE SCHEMA faults;
CREATE TABLE faults.claims (
  execution uuid NOT NULL, fence bigint NOT NULL, writer text NOT NULL, lease interval,
  at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (execution, fence)
);
CREATE TABLE faults.begun (execution uuid NOT NULL, step text NOT NULL, attempt int NOT NULL, transaction bigint NOT NULL);
CREATE TABLE faults.wrongs (execution uuid NOT NULL, what text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE FUNCTION faults.writer() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('application_name') $$;

CREATE FUNCTION faults.check_writer(execution_ uuid, what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE holder text;
BEGIN
  SELECT writer INTO holder FROM faults.claims WHERE execution = execution_ ORDER BY fence DESC LIMIT 1;
  IF holder IS DISTINCT FROM faults.writer() AND faults.writer() LIKE 'worker-%' THEN
    INSERT INTO faults.wrongs (execution, what)
    VALUES (execution_, format('%s wrote %s, while %s held the lease', faults.writer(), what, coalesce(holder, 'nobody')));
  END IF;
END $$;

CREATE FUNCTION faults.note_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM faults.check_writer(NEW.execution_id, TG_ARGV[0]);
  RETURN NULL;
END $$;

CREATE FUNCTION faults.note_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM faults.check_writer(NEW.execution_id, 'workflow_steps');
  IF NEW.status = 'running' THEN
    INSERT INTO faults.begun VALUES (NEW.execution_id, NEW.step_id, NEW.attempt, txid_current());
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION faults.note_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM faults.check_writer(NEW.execution_id, 'mcp_tool_calls');
  IF NEW.server || '.' || NEW.tool IN (${effects.join(", ")}) AND NOT EXISTS (
    -- A call's row is written with the result of its step: the row that says that it begins has to be of a write before.
    SELECT FROM faults.begun b WHERE b.execution = NEW.execution_id AND b.step = NEW.step_id AND b.transaction <> txid_current()
      AND b.attempt = (SELECT max(attempt) FROM workflow_steps s
                        WHERE s.execution_id = NEW.execution_id AND s.step_id = NEW.step_id AND s.status <> 'pending')
  ) THEN
    INSERT INTO faults.wrongs (execution, what)
    VALUES (NEW.execution_id, format('%s called %s.%s without a row that says so before', faults.writer(), NEW.server, NEW.tool));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION faults.note_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM faults.check_writer((SELECT execution_id FROM agent_runs WHERE id = NEW.agent_run_id), 'agent_messages');
  RETURN NULL;
END $$;

CREATE FUNCTION faults.note_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.fence > OLD.fence THEN
    INSERT INTO faults.claims (execution, fence, writer, lease)
    VALUES (NEW.id, NEW.fence, faults.writer(), NEW.lease_until - now());
  ELSIF NEW.finished_at IS DISTINCT FROM OLD.finished_at OR NEW.lease_until > OLD.lease_until THEN
    PERFORM faults.check_writer(NEW.id, 'workflow_executions');
  END IF;
  IF OLD.status IN ('succeeded', 'failed', 'cancelled') AND (NEW.status <> OLD.status OR NEW.fence > OLD.fence) THEN
    INSERT INTO faults.wrongs (execution, what)
    VALUES (NEW.id, format('%s took it up again after it was %s', faults.writer(), OLD.status));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER faults_note AFTER UPDATE ON workflow_executions FOR EACH ROW EXECUTE FUNCTION faults.note_execution();
CREATE TRIGGER faults_note AFTER INSERT OR UPDATE ON workflow_steps FOR EACH ROW EXECUTE FUNCTION faults.note_step();
CREATE TRIGGER faults_note AFTER INSERT OR UPDATE ON agent_runs FOR EACH ROW EXECUTE FUNCTION faults.note_row('agent_runs');
CREATE TRIGGER faults_note AFTER INSERT OR UPDATE ON mcp_tool_calls FOR EACH ROW EXECUTE FUNCTION faults.note_call();
CREATE TRIGGER faults_note AFTER INSERT OR UPDATE ON agent_messages FOR EACH ROW EXECUTE FUNCTION faults.note_message();
`;

/** Opens the book in a migrated database, before the first execution. */
export async function openBook(pool: pg.Pool): Promise<void> {
  await pool.query(sql);
}

export async function readClaims(pool: pg.Pool): Promise<Claimed[]> {
  const { rows } = await pool.query<Claimed>(
    `SELECT execution, writer, at, (extract(epoch FROM coalesce(lease, '0')) * 1000)::int AS "leaseMs"
       FROM faults.claims ORDER BY at`,
  );
  return rows;
}

/** Whether others have claimed all executions that this worker had and had not let go of. */
export async function isTakenOver(pool: pg.Pool, writer: string): Promise<boolean> {
  const { rows } = await pool.query<{ isTakenOver: boolean }>(
    `SELECT NOT EXISTS (
       SELECT FROM workflow_executions e
        WHERE e.lease_until IS NOT NULL
          AND (SELECT c.writer FROM faults.claims c WHERE c.execution = e.id ORDER BY fence DESC LIMIT 1) = $1
     ) AS "isTakenOver"`,
    [writer],
  );
  return rows[0]?.isTakenOver ?? false;
}

/** What a worker wrote to an execution that was not its own, in words. */
export async function readWrongs(pool: pg.Pool): Promise<{ execution: string; what: string }[]> {
  const { rows } = await pool.query<{ execution: string; what: string }>(
    "SELECT execution, what FROM faults.wrongs ORDER BY at",
  );
  return rows;
}
