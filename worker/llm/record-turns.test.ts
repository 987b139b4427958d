import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import {
  createNoopMeter,
  INVALID_SPAN_CONTEXT,
  metrics,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { ask, failureOf, modelAt } from "./testing/asked.ts";
import { type Answer, serve } from "./testing/serve.ts";
import { response, said } from "./testing/streams.ts";

type Seen = { name: string; attributes: Record<string, unknown>; status?: unknown; hasEnded: boolean };
const spans: Seen[] = [];
const measured: unknown[] = [];

/** What an SDK would do with spans: keep them. */
const tracer = {
  startSpan(name: string, options: { attributes: object }) {
    const seen: Seen = { name, attributes: { ...options.attributes }, hasEnded: false };
    spans.push(seen);
    const kept = {
      setAttribute: (key: string, value: unknown) => Object.assign(seen.attributes, { [key]: value }),
      setAttributes: (more: object) => Object.assign(seen.attributes, more),
      setStatus: (status: unknown) => Object.assign(seen, { status }),
      end: () => Object.assign(seen, { hasEnded: true }),
    };
    return Object.assign(trace.wrapSpanContext(INVALID_SPAN_CONTEXT), kept) as unknown as Span;
  },
} as unknown as Tracer;

beforeAll(() => {
  const record = (_seconds: number, attributes: unknown) => measured.push(attributes);
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  metrics.setGlobalMeterProvider({
    getMeter: () => Object.assign(createNoopMeter(), { createHistogram: () => ({ record }) }),
  });
});
beforeEach(() => {
  spans.length = 0;
  measured.length = 0;
});
afterAll(() => {
  trace.disable();
  metrics.disable();
});

const attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-6-sol",
};

test("a turn is a span with its tokens and its price, and a measurement", async () => {
  await using server = await serve({ events: response({}, said("Done.")) });
  const { costUsd } = await ask(modelAt(server.url, "openai"));
  const spent = {
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 50,
    "afu9.cost_usd": costUsd,
  };
  expect(spans).toEqual([
    { name: "chat gpt-6-sol", attributes: { ...attributes, ...spent }, hasEnded: true },
  ]);
  expect(measured).toEqual([attributes]);
});

test("a fault is one too, by its kind", async () => {
  const refused: Answer = { status: 401, body: { error: { message: "Which key?" } } };
  await using server = await serve(refused);
  await failureOf(ask(modelAt(server.url, "openai")));
  const status = { code: SpanStatusCode.ERROR, message: "credentials" };
  const failed = { ...attributes, "error.type": "credentials" };
  expect(spans).toEqual([{ name: "chat gpt-6-sol", attributes: failed, status, hasEnded: true }]);
  expect(measured).toEqual([failed]);
});
