export type Metric = {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  unit: string;
  values: { at: number; value: number }[];
};
export type Alarm = {
  name: string;
  type: "MetricAlarm" | "CompositeAlarm";
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  reason: string;
  changedAt: number;
};

export type CloudWatchState = { metrics: Metric[]; alarms: Map<string, Alarm> };

type NewValues = Omit<Metric, "values" | "unit"> & {
  unit?: string;
  /** A value of now, unless `at` says when, in milliseconds since 1970. */
  values: (number | { value: number; at: number })[];
};

export function cloudwatchControls({ metrics, alarms }: CloudWatchState, now: () => Date) {
  return {
    putValues({ namespace, name, dimensions, unit = "Percent", values }: NewValues): void {
      const time = now().getTime();
      const put = values.map((value) => (typeof value === "number" ? { value, at: time } : value));
      metrics.push({ namespace, name, dimensions, unit, values: put });
    },
    setAlarm(alarm: Pick<Alarm, "name"> & Partial<Alarm>): void {
      const before = alarms.get(alarm.name);
      const changedAt = now().getTime();
      const usual = { type: "MetricAlarm" as const, state: "OK" as const, reason: "Threshold not crossed" };
      alarms.set(alarm.name, { ...usual, ...before, changedAt, ...alarm });
    },
  };
}
