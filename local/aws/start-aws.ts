// An AWS on this machine: it speaks AWS's protocols on a port of the loopback interface. SDK clients get there by
// `AWS_ENDPOINT_URL`.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Logger } from "../../shared/logger.ts";
import { answerRequest } from "./answer-request.ts";
import { type AwsControls, controlsOf } from "./controls.ts";
import { services } from "./services.ts";
import { createWorld, localKey } from "./world.ts";

export type LocalAws = {
  /** What `AWS_ENDPOINT_URL` has to be. */
  url: string;
  /** The variables with which an SDK client finds this AWS and may use it. */
  env: Record<"AWS_ENDPOINT_URL" | "AWS_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY", string>;
  controls: AwsControls;
  close(): Promise<void>;
};

/** Starts a local AWS at a port; 0 takes a free one. */
export async function startAws({ port, log }: { port: number; log: Logger }): Promise<LocalAws> {
  const world = createWorld();
  const controls = controlsOf(world);
  const server = new Hono();
  server.post("/_local/:service/:control", (c) => control(c, controls));
  server.all("*", (c) => answerRequest(c.req.raw, services, world));
  server.onError((error, c) => {
    log.error({ error }, "request failed");
    return c.json({ __type: "InternalFailure", message: error.message }, 500);
  });
  const http = createAdaptorServer({ fetch: server.fetch });
  http.listen(port, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  log.info({ url }, "listening");

  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: world.region,
      AWS_ACCESS_KEY_ID: localKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: localKey.secretAccessKey,
    },
    controls,
    async close() {
      const closed = once(http, "close");
      http.close();
      if ("closeAllConnections" in http) http.closeAllConnections();
      await closed;
    },
  };
}

/** A control over HTTP: its value is the body. A browser asks before it sends JSON to another site. */
async function control(c: Context, controls: AwsControls): Promise<Response> {
  if (!c.req.header("content-type")?.startsWith("application/json"))
    return c.json({ message: "Expected JSON." }, 415);
  const { service = "", control = "" } = c.req.param() as Record<string, string>;
  const list: Record<string, Record<string, (input: never) => unknown>> = controls;
  const ofService = Object.hasOwn(list, service) ? list[service] : undefined;
  const work = ofService && Object.hasOwn(ofService, control) && ofService[control];
  if (!work) return c.json({ message: `There is no control ${service}/${control}.` }, 404);
  try {
    return c.json({ result: work((await c.req.json()) as never) ?? null });
  } catch (error) {
    return c.json({ message: String(error) }, 422);
  }
}
