// What a service of the local AWS is: a name, and a function that answers requests.
import type { World } from "./world.ts";

export type AwsService = {
  /** The name in the signature's scope: `ecs`, `sts`, `logs`, `monitoring`, `elasticloadbalancing`. */
  name: string;
  /** Throws an `AwsFault` for what it refuses; it reaches the caller in the shape of the request's protocol. */
  answer(request: AwsRequest, world: World): AwsAnswer | Promise<AwsAnswer>;
};

export type AwsRequest = {
  /** The service that the signature is for. */
  service: string;
  /** From `X-Amz-Target` or the form's `Action`: `DescribeServices`. Empty where neither says it. */
  operation: string;
  protocol: Protocol;
  /** The key that signed it. */
  accessKeyId: string;
  headers: Headers;
  body: string;
};

/** `json` is AWS JSON 1.0 and 1.1; `query` is a form that is answered with XML. */
export type Protocol = "json" | "query";

export type AwsAnswer = { status?: number; headers?: Record<string, string>; body: string | ReadableStream };

/** A refusal as AWS words it. */
export class AwsFault extends Error {
  /** `ClusterNotFoundException`, without a namespace. */
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
