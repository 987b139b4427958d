import { z } from "zod";
import { oneLine } from "../../shared/terminal-text.ts";
import { command, option } from "../command.ts";
import type { Output } from "../output.ts";
import { type ListedDelivery, listDeliveries as list } from "../rows/delivery-list.ts";
import { age, status, table } from "../wording.ts";
import { limit } from "./list-executions.ts";

const statuses = ["received", "processed", "failed"] as const;

export const listDeliveries = command({
  usage: "deliveries list",
  summary: "Show the newest webhooks that GitHub delivered.",
  options: z.object({
    status: option(
      "--status <status>",
      `only those that are ${statuses.join(", ")}`,
      z.enum(statuses).optional(),
    ),
    event: option(
      "--event <event>",
      "only those of one event, with or without its action: issues, issues.labeled",
      z
        .string()
        .regex(/^[a-z_]+(\.[a-z_]+)?$/, "Expected an event")
        .optional(),
    ),
    limit,
  }),
  async run({ options, deps, out }) {
    const deliveries = await list((await deps.db()).pool, options);
    out.say({ json: deliveries, text: deliveries.length ? asTable(deliveries, out) : "There are none." });
    return 0;
  },
});

/** What the columns before the error take, about. */
const reserved = 80;

function asTable(deliveries: ListedDelivery[], { paint, columns }: Output): string {
  const rows = deliveries.map((one) => [
    one.id,
    status(one.status, paint),
    oneLine(one.action ? `${one.event}.${one.action}` : one.event, 40),
    age(one.ageMs),
    oneLine(one.error ?? "", Math.max(30, columns - reserved)),
  ]);
  return table(
    ["ID", "STATUS", "EVENT", "AGE", "WHY"].map((cell) => paint("bold", cell)),
    rows,
  );
}
