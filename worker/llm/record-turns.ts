// Each turn that a model is asked for becomes a span and a measurement, by OpenTelemetry's names for generative AI. Without its
// SDK in the process they cost nothing.
import { metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { AssistantMessage, Model } from "./model.ts";
import { ModelFault } from "./model-fault.ts";

const scope = "afu-9/worker";

/** The same model, recorded. A fault is named by its kind. Uses the OpenTelemetry SDK that is registered when it is called. */
export function recordTurns(model: Model): Model {
  const tracer = trace.getTracer(scope);
  const duration = metrics.getMeter(scope).createHistogram("gen_ai.client.operation.duration", {
    description: "How long models took for a turn",
    unit: "s",
    advice: { explicitBucketBoundaries: [0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640] },
  });
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": model.provider,
    "gen_ai.request.model": model.name,
  };
  return {
    ...model,
    async reply(request) {
      const started = performance.now();
      const span = tracer.startSpan(`chat ${model.name}`, { kind: SpanKind.CLIENT, attributes });
      const ended = (outcome: Record<string, string>) => {
        duration.record((performance.now() - started) / 1000, { ...attributes, ...outcome });
        span.end();
      };
      try {
        const reply = await model.reply(request);
        span.setAttributes(spent(reply));
        ended({});
        return reply;
      } catch (error) {
        const kind = error instanceof ModelFault ? error.kind : "aborted";
        span.setAttribute("error.type", kind);
        span.setStatus({ code: SpanStatusCode.ERROR, message: kind });
        ended({ "error.type": kind });
        throw error;
      }
    },
  };
}

function spent({ usage, costUsd }: AssistantMessage) {
  return {
    "gen_ai.usage.input_tokens": usage.input + usage.cacheRead + usage.cacheWrite,
    "gen_ai.usage.output_tokens": usage.output,
    "afu9.cost_usd": costUsd,
  };
}
