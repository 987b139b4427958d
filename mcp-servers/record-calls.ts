// Each tool call becomes a line in the log, a span and a measurement. Without an OpenTelemetry SDK in the process the last
// two cost nothing.
import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Capability } from "../shared/capability.ts";
import type { Logger } from "../shared/logger.ts";

/** How a call ended. `refused` is the caller's to change, the others are the server's. */
export type Outcome = "ok" | "refused" | "timed out" | "broken" | "failed";

export type CallRecord = {
  log: Logger;
  /** Runs something as a part of the call, so that spans within become the call's children. */
  within<T>(work: () => T): T;
  ended(outcome: Outcome, error?: unknown): void;
};

export type RecordCall = (call: {
  /** Undefined for a tool that there is not: a caller must not make up names of metrics. */
  tool: string | undefined;
  capability: Capability;
  /** May carry the caller's trace, by the keys that the W3C gave it. */
  meta: Record<string, unknown> | undefined;
}) => CallRecord;

const scope = "afu-9/mcp-servers";

/** Uses the OpenTelemetry SDK that is registered when it is called. */
export function createRecorder(server: string, log: Logger): RecordCall {
  const tracer = trace.getTracer(scope);
  const duration = metrics.getMeter(scope).createHistogram("mcp.server.operation.duration", {
    description: "How long tool calls took",
    unit: "s",
    advice: { explicitBucketBoundaries: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800] },
  });

  return ({ tool = "unknown", capability, meta = {} }) => {
    const started = performance.now();
    const callLog = log.child({ tool: `${server}.${tool}`, execution: capability.execution });
    const attributes = {
      "mcp.method.name": "tools/call",
      "afu9.mcp.server": server,
      "gen_ai.tool.name": tool,
    };
    const parent = propagation.extract(context.active(), meta);
    const span = tracer.startSpan(
      "mcp.tool.call",
      { kind: SpanKind.SERVER, attributes: { ...attributes, "afu9.execution": capability.execution } },
      parent,
    );
    return {
      log: callLog,
      within: (work) => context.with(trace.setSpan(parent, span), work),
      ended(outcome, error) {
        const milliseconds = performance.now() - started;
        duration.record(milliseconds / 1000, { ...attributes, "afu9.outcome": outcome });
        span.setAttribute("afu9.outcome", outcome);
        const isServersFault = outcome !== "ok" && outcome !== "refused";
        if (isServersFault) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
        span.end();
        const fields = { outcome, duration_ms: Math.round(milliseconds) };
        if (isServersFault) callLog.error({ ...fields, error }, "tool call failed");
        else callLog.info(fields, "tool call finished");
      },
    };
  };
}
