// GraphQL names labels by their ids, which never change; people may change what a label is called, or make it anew.
import type { Pool } from "pg";

/** The ids of a repository's labels that were seen, by the labels' names. */
export async function labelNodes(pool: Pool, repository: number): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ nodes: Record<string, string> | null }>(
    "SELECT label_nodes AS nodes FROM repositories WHERE id = $1",
    [repository],
  );
  return rows[0]?.nodes ?? {};
}

/** Keeps what GitHub said of labels, beside what it has said before. */
export async function keepLabelNodes(
  pool: Pool,
  repository: number,
  labels: { name: string; node_id: string }[],
): Promise<void> {
  if (labels.length === 0) return;
  const nodes = Object.fromEntries(labels.map(({ name, node_id }) => [name, node_id]));
  await pool.query(
    "UPDATE repositories SET label_nodes = coalesce(label_nodes, '{}') || $2::jsonb WHERE id = $1",
    [repository, JSON.stringify(nodes)],
  );
}
