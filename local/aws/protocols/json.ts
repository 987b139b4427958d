import { type AwsAnswer, AwsFault, type AwsService } from "../service.ts";
import type { World } from "../world.ts";

/** Takes the request's JSON; what it gives is the answer's, with dates as seconds since 1970. */
export type JsonOperation = (input: unknown, world: World) => object;

/** A service that speaks AWS JSON. Its operations are a plain list by name. */
export function jsonService(name: string, operations: Record<string, JsonOperation>): AwsService {
  return {
    name,
    async answer({ operation, body }, world) {
      const work = Object.hasOwn(operations, operation) && operations[operation];
      if (!work) throw new AwsFault("UnknownOperationException", "");
      return jsonAnswer(work(parse(body), world));
    },
  };
}

export function jsonAnswer(body: object): AwsAnswer {
  return { headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(body) };
}

export function jsonFault({ code, message, status }: AwsFault): AwsAnswer {
  return { ...jsonAnswer({ __type: code, message }), status };
}

/** A date as AWS JSON has it. */
export function seconds(date: Date): number {
  return date.getTime() / 1000;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsFault("SerializationException", "The body is not JSON.");
  }
}
