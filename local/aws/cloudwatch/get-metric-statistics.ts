import { z } from "zod";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";
import { parseInput } from "./parse-input.ts";
import { checkSpan, Named, Period, pointsOf, Span, statisticOf } from "./read-metric.ts";

const maxPoints = 1_440;
const Input = Named.extend(Span.shape).extend({
  Period,
  Statistics: z.array(z.string()).min(1).max(5),
});

/** The points come in no order, as CloudWatch's do: the newest is first. */
export function getMetricStatistics(sent: unknown, { cloudwatch, clock }: World): object {
  const input = parseInput(Input, sent);
  checkSpan(input, input.Period);
  const asked = (input.EndTime - input.StartTime) / input.Period;
  if (asked > maxPoints) {
    throw new AwsFault(
      "InvalidParameterCombinationException",
      `You have requested up to ${Math.ceil(asked).toLocaleString("en")} datapoints, which exceeds the limit of 1,440. ` +
        "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
    );
  }
  const points = pointsOf({ metric: input, span: input, period: input.Period }, cloudwatch, clock.now());
  return {
    Label: input.MetricName,
    Datapoints: points.map(({ at, values, unit }) => ({
      Timestamp: at,
      Unit: unit,
      ...Object.fromEntries(input.Statistics.map((name) => [name, statisticOf(name, values)])),
    })),
  };
}
