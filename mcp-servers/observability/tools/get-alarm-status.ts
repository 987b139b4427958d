import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { alarmPrefixes, allowAlarms, isAlarmOf } from "../allowed.ts";
import { note } from "../inputs.ts";
import { cleaned } from "../log-lines.ts";
import { observabilityTool } from "../observability-tool.ts";

const maxAlarms = 100;
/** What is read at most to find those that ring. */
const maxPages = 10;
const maxReason = 500;
const states = ["ALARM", "INSUFFICIENT_DATA", "OK"] as const;

const Alarm = z.object({
  name: z.string(),
  state: z.enum(states),
  reason: z.string(),
  since: z.string(),
  watches: z.string().describe("The metric and its limit, or the rule over other alarms"),
});
type Alarm = z.infer<typeof Alarm>;

export const getAlarmStatus = observabilityTool({
  name: "getAlarmStatus",
  description: `Get the state of this repository's CloudWatch alarms, or of those named: ringing ones first, at most ${maxAlarms}.`,
  input: z.object({
    alarmNames: z
      .array(z.string().regex(/^[\x20-\x7E]{1,255}$/, "expected the name of an alarm"))
      .min(1)
      .max(maxAlarms)
      .optional()
      .describe("The names of alarms; all that this repository may read unless given"),
  }),
  output: z.object({
    counts: z.record(z.enum(states), z.number()),
    alarms: z.array(Alarm),
    missing: z.array(z.string()).describe("Names of which there is no alarm"),
    note,
  }),
  async run({ alarmNames }, { targets, cloudwatch }, { signal }) {
    const prefixes = alarmPrefixes(targets);
    if (alarmNames) allowAlarms(targets, alarmNames);
    const queries = alarmNames
      ? [{ AlarmNames: alarmNames }]
      : prefixes.map((AlarmNamePrefix) => ({ AlarmNamePrefix }));
    const lists = await Promise.all(queries.map((query) => readAlarms(cloudwatch, query, signal)));
    const found = new Map(lists.flatMap(({ alarms }) => alarms.map((alarm) => [alarm.name, alarm])));
    const alarms = [...found.values()].filter(({ name }) => isAlarmOf(prefixes, name)).sort(byUrgency);
    const mayHaveMore = lists.some(({ isComplete }) => !isComplete);
    return {
      counts: countsOf(alarms),
      alarms: alarms.slice(0, maxAlarms),
      missing: (alarmNames ?? []).filter((name) => !found.has(name)),
      ...((alarms.length > maxAlarms || mayHaveMore) && { note: moreNote(alarms.length, mayHaveMore) }),
    };
  },
});

async function readAlarms(
  cloudwatch: CloudWatchClient,
  query: DescribeAlarmsCommandInput,
  abortSignal: AbortSignal,
): Promise<{ alarms: Alarm[]; isComplete: boolean }> {
  const alarms: Alarm[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const input = { ...query, AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: 100, NextToken };
    const answer = await cloudwatch.send(new DescribeAlarmsCommand(input as DescribeAlarmsCommandInput), {
      abortSignal,
    });
    alarms.push(...(answer.MetricAlarms ?? []).map((alarm) => alarmOf(alarm, limitOf(alarm))));
    alarms.push(...(answer.CompositeAlarms ?? []).map((alarm) => alarmOf(alarm, alarm.AlarmRule ?? "")));
    NextToken = answer.NextToken;
    if (!NextToken) return { alarms, isComplete: true };
  }
  return { alarms, isComplete: false };
}

/** The reason is text of CloudWatch or of whoever set the state by hand. */
function alarmOf(alarm: MetricAlarm | CompositeAlarm, watches: string): Alarm {
  return {
    name: alarm.AlarmName ?? "",
    state: alarm.StateValue ?? "INSUFFICIENT_DATA",
    reason: cleaned(alarm.StateReason ?? "").slice(0, maxReason),
    since: alarm.StateUpdatedTimestamp?.toISOString() ?? "",
    watches: cleaned(watches).slice(0, maxReason),
  };
}

function limitOf(alarm: MetricAlarm): string {
  const {
    Namespace,
    MetricName,
    Statistic = "",
    ComparisonOperator,
    Threshold,
    EvaluationPeriods,
    Period,
  } = alarm;
  if (!MetricName) return "an expression over several metrics";
  return `${Statistic} ${Namespace} ${MetricName} ${ComparisonOperator} ${Threshold}, ${EvaluationPeriods} × ${Period} s`.trim();
}

function byUrgency(a: Alarm, b: Alarm): number {
  return states.indexOf(a.state) - states.indexOf(b.state) || a.name.localeCompare(b.name);
}

function countsOf(alarms: Alarm[]): Record<(typeof states)[number], number> {
  const count = (state: Alarm["state"]) => alarms.filter((alarm) => alarm.state === state).length;
  return { ALARM: count("ALARM"), INSUFFICIENT_DATA: count("INSUFFICIENT_DATA"), OK: count("OK") };
}

function moreNote(read: number, mayHaveMore: boolean): string {
  const leftOut = Math.max(read - maxAlarms, 0);
  const unread = mayHaveMore ? ` There are more than the ${read} that were read.` : "";
  return `${leftOut} less urgent alarms were left out.${unread} Call again with their alarmNames.`;
}
