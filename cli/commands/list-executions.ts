import { z } from "zod";
import { duration, oneLine } from "../../shared/terminal-text.ts";
import { command, option } from "../command.ts";
import type { Output } from "../output.ts";
import { type ListedExecution, listExecutions as list } from "../rows/execution-list.ts";
import { age, cost, short, status, table } from "../wording.ts";

const statuses = ["queued", "running", "waiting", "paused", "succeeded", "failed", "cancelled"] as const;

export const limit = option(
  "--limit <n>",
  "at most so many (20)",
  z.coerce.number("Expected a number").int("Expected a whole number").min(1).max(1_000).default(20),
);

export const repo = option(
  "--repo <owner/name>",
  "only those of one repository",
  z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, "Expected owner/name")
    .optional(),
);

export const listExecutions = command({
  usage: "executions list",
  summary: "Show the newest executions.",
  options: z.object({
    status: option(
      "--status <status>",
      `only those that are ${statuses.join(", ")}`,
      z.enum(statuses).optional(),
    ),
    repo,
    limit,
  }),
  async run({ options, deps, out }) {
    const executions = await list((await deps.db()).pool, options);
    out.say({ json: executions, text: executions.length ? asTable(executions, out) : "There are none." });
    return 0;
  },
});

const head = ["ID", "STATUS", "ISSUE", "WORKFLOW", "AGE", "TIME", "COST", "WHY"];
/** What the columns before the reason take, about. */
const reserved = 80;

function asTable(executions: ListedExecution[], { paint, columns }: Output): string {
  const rows = executions.map((one) => [
    short(one.id),
    status(one.status, paint),
    `${one.repository}#${one.number}`,
    one.workflow,
    age(one.ageMs),
    one.durationMs === null ? "-" : duration(one.durationMs),
    cost(one.costUsd),
    oneLine(reasonOf(one), Math.max(30, columns - reserved)),
  ]);
  return table(
    head.map((cell) => paint("bold", cell)),
    rows,
  );
}

/** Why it stands as it does, shortly. */
export function reasonOf({ status, wish, error, step, event }: ListedExecution): string {
  if (wish) return `asked to ${wish}`;
  if (status === "waiting" && step) return event ? `${step} waits for ${event}` : `${step} waits`;
  if (status === "running" && step) return `at ${step}`;
  return error ?? "";
}
