// The way of one request: who signed it and for which service, whether it shall fail, then the service's own answer.
import { checkSignature } from "./check-signature.ts";
import { jsonFault } from "./protocols/json.ts";
import { queryFault } from "./protocols/query.ts";
import { type AwsAnswer, AwsFault, type AwsRequest, type AwsService, type Protocol } from "./service.ts";
import type { RequestFault, World } from "./world.ts";

export async function answerRequest(sent: Request, services: AwsService[], world: World): Promise<Response> {
  const body = await sent.text();
  const protocol = protocolOf(sent.headers);
  const record = { service: "", operation: operationOf(sent.headers, body), status: 200 };
  try {
    const { accessKeyId, service } = checkSignature(
      { method: sent.method, url: new URL(sent.url), headers: sent.headers, body, protocol },
      world,
    );
    record.service = service;
    const request = { ...record, accessKeyId, protocol, headers: sent.headers, body };
    return toResponse(await answerOrFail(request, services, world));
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    Object.assign(record, { status: error.status, fault: error.code });
    return toResponse(protocol === "json" ? jsonFault(error) : queryFault(error));
  } finally {
    world.requests.push(record);
  }
}

async function answerOrFail(request: AwsRequest, services: AwsService[], world: World): Promise<AwsAnswer> {
  const service = services.find(({ name }) => name === request.service);
  if (!service)
    throw new AwsFault("UnknownOperationException", `There is no service ${request.service} here.`);
  const fault = takeFault(request, world);
  if (fault && !fault.afterWork) throw new AwsFault(fault.code, fault.message, fault.status);
  const answer = await service.answer(request, world);
  if (fault) throw new AwsFault(fault.code, fault.message, fault.status);
  return answer;
}

function takeFault({ service, operation }: AwsRequest, { faults }: World): RequestFault | undefined {
  const fault = faults.find((one) => one.times > 0 && one.service === service && one.operation === operation);
  if (fault) fault.times -= 1;
  return fault;
}

function protocolOf(headers: Headers): Protocol {
  return headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") ? "query" : "json";
}

function operationOf(headers: Headers, body: string): string {
  const target = headers.get("x-amz-target");
  if (target) return target.slice(target.lastIndexOf(".") + 1);
  return protocolOf(headers) === "query" ? (new URLSearchParams(body).get("Action") ?? "") : "";
}

function toResponse({ status = 200, headers, body }: AwsAnswer): Response {
  return new Response(body, { status, headers: { "x-amzn-requestid": crypto.randomUUID(), ...headers } });
}
