// Checks answers and events against GitHub's own schemas (openapi/github.json).
import { Ajv, type ValidateFunction } from "ajv";
import { fullFormats } from "ajv-formats/dist/formats.js";
import github from "../openapi/github.json" with { type: "json" };

export const describedOperations = Object.keys(github.operations);
export const describedEvents = Object.keys(github.events);

type Answers = Record<string, Record<string, unknown>>;

// GitHub's bots have brackets in their addresses, which the format does not allow and GitHub sends.
const formats = { ...fullFormats, email: /^[^@\s]+@[^@\s]+$/ };
const ajv = new Ajv({ strict: false, allErrors: true, logger: false, formats });
ajv.addSchema({ $id: "github", components: github.components });

const compiled = new Map<string, ValidateFunction>();

/** What is wrong with the answer, in words; empty when GitHub could have given it. */
export function problemsWithAnswer(operation: string, status: number, body: unknown): string[] {
  const answers = (github.operations as Answers)[operation];
  if (!answers) return [`${operation} is not in the extract`];
  if (!(String(status) in answers)) return [`${operation} does not answer ${status}`];
  const schema = answers[String(status)];
  if (schema === null) return [];
  return problems(`${operation} ${status}`, schema, body);
}

export function problemsWithEvent(name: string, payload: unknown): string[] {
  const schema = (github.events as Record<string, unknown>)[name];
  return schema ? problems(name, schema, payload) : [`${name} is not in the extract`];
}

function problems(name: string, schema: unknown, value: unknown): string[] {
  let validate = compiled.get(name);
  if (!validate) {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"github#/components');
    validate = ajv.compile(JSON.parse(text));
    compiled.set(name, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    (error) => `${name}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}
