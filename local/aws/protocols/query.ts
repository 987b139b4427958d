import { type AwsAnswer, AwsFault, type AwsRequest, type AwsService } from "../service.ts";
import type { World } from "../world.ts";

/** Takes the form's fields, and gives the XML between `<OperationResult>` and its end. */
export type QueryOperation = (form: URLSearchParams, world: World, request: AwsRequest) => string;

/** A service that takes forms and answers with XML. `namespace` is the one of its answers. */
export function queryService(
  name: string,
  namespace: string,
  operations: Record<string, QueryOperation>,
): AwsService {
  return {
    name,
    answer(request, world) {
      const { operation, body } = request;
      const work = Object.hasOwn(operations, operation) && operations[operation];
      if (!work) throw new AwsFault("InvalidAction", `Could not find operation ${operation}`);
      const result = work(new URLSearchParams(body), world, request);
      return xmlAnswer(
        `<${operation}Response xmlns="${namespace}"><${operation}Result>${result}</${operation}Result>` +
          `<ResponseMetadata><RequestId>${crypto.randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`,
      );
    },
  };
}

export function queryFault({ code, message, status }: AwsFault): AwsAnswer {
  const type = status < 500 ? "Sender" : "Receiver";
  const error = element("Type", type) + element("Code", code) + element("Message", message);
  const xml = `<ErrorResponse><Error>${error}</Error>${element("RequestId", crypto.randomUUID())}</ErrorResponse>`;
  return { ...xmlAnswer(xml), status };
}

/** `<name>text</name>`, with the text escaped. */
export function element(name: string, text: string): string {
  const escaped = text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return `<${name}>${escaped}</${name}>`;
}

function xmlAnswer(body: string): AwsAnswer {
  return { headers: { "content-type": "text/xml" }, body };
}
