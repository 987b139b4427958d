import { z } from "zod";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";
import { parseInput } from "./parse-input.ts";
import { checkSpan, Named, Period, pointsOf, Span, statisticOf } from "./read-metric.ts";

const Query = z.object({
  Id: z.string().regex(/^[a-z][A-Za-z0-9_]{0,254}$/),
  MetricStat: z.object({ Metric: Named, Period, Stat: z.string() }),
});
const Input = Span.extend({ MetricDataQueries: z.array(Query).min(1).max(500) });

/** Newest first, in one page. */
export function getMetricData(sent: unknown, { cloudwatch, clock }: World): object {
  const { MetricDataQueries: queries, ...span } = parseInput(Input, sent);
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length)
    throw new AwsFault("ValidationError", "The values for parameter id in MetricDataQueries are not unique.");
  return {
    Messages: [],
    MetricDataResults: queries.map(({ Id, MetricStat }) => {
      const { Metric: metric, Period: period, Stat } = MetricStat;
      checkSpan(span, period);
      const points = pointsOf({ metric, span, period }, cloudwatch, clock.now());
      return {
        Id,
        Label: metric.MetricName,
        Timestamps: points.map(({ at }) => at),
        Values: points.map(({ values }) => statisticOf(Stat, values)),
        StatusCode: "Complete",
      };
    }),
  };
}
