import { z } from "zod";
import { jsonService } from "../protocols/json.ts";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";
import { filterLogEvents } from "./filter-events.ts";

/** CloudWatch Logs. */
export const logs = jsonService("logs", {
  FilterLogEvents: filterLogEvents,
  DescribeLogGroups: describeLogGroups,
});

const Input = z.object({
  logGroupNamePrefix: z.string().default(""),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(50).default(50),
});

function describeLogGroups(sent: unknown, { logs, account, region }: World): object {
  const parsed = Input.safeParse(sent);
  if (!parsed.success) throw new AwsFault("InvalidParameterException", parsed.error.issues[0]?.message ?? "");
  const { logGroupNamePrefix, nextToken = "", limit } = parsed.data;
  const groups = [...logs.values()]
    .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name > nextToken)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = groups.slice(0, limit);
  return {
    logGroups: page.map(({ name, creationTime, events }) => ({
      logGroupName: name,
      creationTime,
      arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
      storedBytes: events.reduce((bytes, { message }) => bytes + message.length, 0),
      metricFilterCount: 0,
    })),
    ...(groups.length > limit && { nextToken: page.at(-1)?.name }),
  };
}
