import { z } from "zod";
import { seconds } from "../protocols/json.ts";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";
import { parseInput } from "./parse-input.ts";
import type { Alarm } from "./state.ts";

const Input = z.object({
  AlarmNames: z.array(z.string().min(1).max(255)).max(100).optional(),
  AlarmNamePrefix: z.string().min(1).max(255).optional(),
  /** Composite alarms are given to those who ask for them. */
  AlarmTypes: z.array(z.string()).default(["MetricAlarm"]),
  MaxRecords: z.number().int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});
type Input = z.infer<typeof Input>;

export function describeAlarms(sent: unknown, world: World): object {
  const input = parseInput(Input, sent);
  if (input.AlarmNames && input.AlarmNamePrefix)
    throw new AwsFault(
      "InvalidParameterCombinationException",
      "AlarmNamePrefix and AlarmNames must not both be given.",
    );
  const found = [...world.cloudwatch.alarms.values()]
    .filter((alarm) => isAsked(alarm, input))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const start = input.NextToken ? readToken(input.NextToken) : 0;
  const page = found.slice(start, start + input.MaxRecords);
  const end = start + page.length;
  const ofType = (type: Alarm["type"]) => page.filter((alarm) => alarm.type === type);
  return {
    MetricAlarms: ofType("MetricAlarm").map((alarm) => ({ ...common(alarm, world), ...limit })),
    CompositeAlarms: ofType("CompositeAlarm").map((alarm) => ({
      ...common(alarm, world),
      AlarmRule: 'ALARM("one") OR ALARM("another")',
    })),
    ...(end < found.length && { NextToken: Buffer.from(`at ${end}`).toString("base64") }),
  };
}

function isAsked({ name, type }: Alarm, { AlarmNames, AlarmNamePrefix = "", AlarmTypes }: Input): boolean {
  if (!AlarmTypes.includes(type)) return false;
  return AlarmNames ? AlarmNames.includes(name) : name.startsWith(AlarmNamePrefix);
}

function readToken(token: string): number {
  const [, position] =
    Buffer.from(token, "base64")
      .toString()
      .match(/^at (\d+)$/) ?? [];
  if (position) return Number(position);
  throw new AwsFault("InvalidNextToken", "The next token specified is invalid.");
}

function common({ name, state, reason, changedAt }: Alarm, { account, region }: World) {
  return {
    AlarmName: name,
    AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: seconds(new Date(changedAt)),
  };
}

const limit = {
  Namespace: "AWS/ECS",
  MetricName: "CPUUtilization",
  Statistic: "Average",
  ComparisonOperator: "GreaterThanThreshold",
  Threshold: 80,
  EvaluationPeriods: 5,
  Period: 60,
};
