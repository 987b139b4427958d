import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import {
  createNoopMeter,
  type Histogram,
  INVALID_SPAN_CONTEXT,
  metrics,
  propagation,
  type Span,
  type SpanStatus,
  SpanStatusCode,
  type TextMapPropagator,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { startTestServer, type TestServer } from "../test/start-test-server.ts";

type SeenSpan = {
  name: string;
  attributes: Record<string, unknown>;
  parent: string | undefined;
  status?: SpanStatus;
  hasEnded: boolean;
};
const spans: SeenSpan[] = [];
const measured: { seconds: number; attributes: unknown }[] = [];

/** What an SDK would do with spans: keep them. */
const tracer: Tracer = {
  startSpan(name, options, context) {
    const parent = context && trace.getSpanContext(context)?.traceId;
    const seen: SeenSpan = { name, attributes: { ...options?.attributes }, parent, hasEnded: false };
    spans.push(seen);
    const span: Span = Object.assign(trace.wrapSpanContext(INVALID_SPAN_CONTEXT), {
      setAttribute(key: string, value: unknown) {
        seen.attributes[key] = value;
        return span;
      },
      setStatus(status: SpanStatus) {
        seen.status = status;
        return span;
      },
      end() {
        seen.hasEnded = true;
      },
    });
    return span;
  },
  startActiveSpan() {
    throw new Error("Nobody calls this");
  },
};
const histogram: Histogram = { record: (seconds, attributes) => measured.push({ seconds, attributes }) };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const propagator: TextMapPropagator = {
  inject() {},
  fields: () => ["traceparent"],
  extract(context, carrier, { get }) {
    const [, id = ""] = String(get(carrier, "traceparent")).split("-");
    return trace.setSpanContext(context, { traceId: id, spanId: "b7ad6b7169203331", traceFlags: 1 });
  },
};

let server: TestServer;
beforeAll(async () => {
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  metrics.setGlobalMeterProvider({
    getMeter: () => Object.assign(createNoopMeter(), { createHistogram: () => histogram }),
  });
  propagation.setGlobalPropagator(propagator);
  server = await startTestServer();
});
beforeEach(() => {
  spans.length = 0;
  measured.length = 0;
});
afterAll(() => server.close());

test("a call is a span of the caller's trace, and a measurement", async () => {
  const { call, close } = await server.connect();
  await call("greet", { name: "a-name" }, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
  await close();
  const attributes = {
    "mcp.method.name": "tools/call",
    "afu9.mcp.server": "test",
    "gen_ai.tool.name": "greet",
    "afu9.outcome": "ok",
  };
  expect(spans).toEqual([
    {
      name: "mcp.tool.call",
      attributes: { ...attributes, "afu9.execution": "1" },
      parent: traceId,
      hasEnded: true,
    },
  ]);
  expect(measured).toEqual([{ seconds: expect.any(Number), attributes }]);
  expect(JSON.stringify([spans, measured])).not.toContain("a-name");
});

test("a refusal is no error of the server; a fault, a result that breaks its promise and a late one are", async () => {
  const { refused, close } = await server.connect();
  await refused("fail", { how: "refusal" });
  await refused("fail", { how: "fault" });
  await refused("promise", { kept: false });
  await refused("linger");
  await close();
  expect(spans.map(({ attributes, status }) => [attributes["afu9.outcome"], status?.code])).toEqual([
    ["refused", undefined],
    ["failed", SpanStatusCode.ERROR],
    ["broken", SpanStatusCode.ERROR],
    ["timed out", SpanStatusCode.ERROR],
  ]);
});

test("a caller can't make up names of measurements", async () => {
  const { refused, close } = await server.connect();
  await refused("made-up");
  await close();
  expect(measured).toMatchObject([{ attributes: { "gen_ai.tool.name": "unknown" } }]);
  expect(JSON.stringify(spans)).not.toContain("made-up");
});
