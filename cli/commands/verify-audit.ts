import { z } from "zod";
import type { Database } from "../../shared/db.ts";
import { plural } from "../../shared/terminal-text.ts";
import { findMissingEnd } from "../audit/find-missing-end.ts";
import { type Chain, verifyChain } from "../audit/verify-chain.ts";
import { command, option } from "../command.ts";
import { WrongUsage } from "../exit-codes.ts";
import { findExecution } from "../find-execution.ts";
import type { Output, Said } from "../output.ts";
import { readOnly } from "../read-only.ts";

export const verifyAudit = command({
  usage: "audit verify [id]",
  summary: "Check that no row of an execution's tool calls was changed or removed.",
  details: `Each row holds the hash of the row before it, and a hash over both. The first row that does not fit is
named, and the exit code is 1. A chain whose last rows were removed is still a chain: that is found where a step or
an agent's transcript tells of a call that has no row. Whoever may write all tables can remove those as well, or
write a whole new chain, and nothing in this database shows it. To rule that out, keep the last hash, which is
printed with --json, outside of this database.`,
  options: z.object({
    all: option("--all", "check every execution", z.boolean().default(false)),
  }),
  async run({ args: [id], options, deps, out }) {
    if (options.all === (id !== undefined))
      throw new WrongUsage("Expected either an execution's id or --all.");
    const db = await deps.db();
    const chains: Chain[] = [];
    for await (const execution of id ? [await findExecution(db, id)] : everyExecution(db)) {
      if (deps.signal.aborted) return 130;
      chains.push(await verify(db, execution));
    }
    out.say(report(chains, out));
    return chains.some(({ broken }) => broken) ? 1 : 0;
  },
});

function verify(db: Database, execution: string): Promise<Chain> {
  return readOnly(db, async (client) => {
    const chain = await verifyChain(client, execution);
    return chain.broken ? chain : { ...chain, broken: await findMissingEnd(client, chain) };
  });
}

async function* everyExecution({ pool }: Database): AsyncGenerator<string> {
  let last = "00000000-0000-0000-0000-000000000000";
  while (true) {
    const { rows } = await pool.query<{ id: string }>(
      "SELECT id FROM workflow_executions WHERE id > $1 ORDER BY id LIMIT 1000",
      [last],
    );
    yield* rows.map(({ id }) => id);
    const end = rows.at(-1);
    if (!end) return;
    last = end.id;
  }
}

function report(chains: Chain[], { paint }: Output): Said {
  const broken = chains.filter((chain) => chain.broken);
  const calls = chains.reduce((sum, chain) => sum + chain.calls, 0);
  const lines = broken.flatMap(({ execution, broken }) =>
    broken
      ? [
          `${paint("red", "✖")} ${execution}: row ${broken.sequence} (${broken.tool}): ${broken.what} (${broken.differs}).`,
        ]
      : [],
  );
  const whole = `${plural(calls, "call")} of ${plural(chains.length, "execution")}`;
  const summary =
    broken.length === 0
      ? `${paint("green", "✔")} ${whole}: every row is as it was written.`
      : `${broken.length} of ${plural(chains.length, "chain")} broken.`;
  return {
    json: {
      executions: chains.length,
      calls,
      broken,
      ...(chains.length === 1 && { lastHash: chains[0]?.lastHash }),
    },
    text: [...lines, summary].join("\n"),
  };
}
