// What zod says about a definition, in words that name the key and what was expected there.
import { z } from "zod";
import type { Fault } from "./check-workflow.ts";
import { didYouMean } from "./closest.ts";
import { stepKinds } from "./step.ts";

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Explains what a definition's schema found wrong. `root` is the schema of the whole definition. */
export function schemaFaults(issues: Issue[], definition: unknown, root: z.ZodType): Fault[] {
  return issues.flatMap((issue) => stepFaults(issue, definition) ?? plainFaults(issue, root, []));
}

/** A union only says that nothing fits. What is wrong with a step is said by the kind that it means to be. */
function stepFaults(issue: Issue, definition: unknown): Fault[] | undefined {
  const [first, index, more] = issue.path;
  if (issue.code !== "invalid_union" || first !== "steps" || index === undefined || more !== undefined)
    return undefined;
  const step = z.object({ steps: z.array(z.unknown()) }).parse(definition).steps[Number(index)];
  const keys = typeof step === "object" && step !== null ? Object.keys(step) : [];
  const [kind, another] = Object.entries(stepKinds).filter(([key]) => keys.includes(key));
  if (!kind || another) {
    const found = another ? `both \`${kind?.[0]}\` and \`${another[0]}\`` : quotedList(keys) || "nothing";
    const known = quotedList(Object.keys(stepKinds));
    return [{ path: issue.path, message: `expected a step with one of ${known}, got ${found}` }];
  }
  const [, schema] = kind;
  return (schema.safeParse(step).error?.issues ?? []).flatMap((one) =>
    plainFaults(one, schema, [...issue.path]),
  );
}

/** `before` is the path of the part that the schema is of. */
function plainFaults(issue: Issue, schema: z.ZodType, before: PropertyKey[]): Fault[] {
  const path = [...before, ...issue.path];
  if (issue.code === "unrecognized_keys") return unknownKeys(issue.keys, path, keysAt(schema, issue.path));
  if (issue.code !== "invalid_union") return [{ path, message: issue.message }];

  const [best, second] = [...issue.errors].sort((one, other) => weight(one) - weight(other));
  const isClear = best && best.length > 0 && weight(best) < weight(second ?? []);
  if (isClear)
    return best.flatMap((one) => plainFaults({ ...one, path: [...issue.path, ...one.path] }, schema, before));
  const known = keysAt(schema, issue.path);
  return [{ path, message: known.length ? `expected one of ${quotedList(known)}` : issue.message }];
}

function weight(issues: Issue[]): number {
  return issues.reduce((sum, issue) => sum + weightOf(issue), 0);
}

/** What is of another type altogether is not what was meant, when the other one is only not quite right. */
function weightOf(issue: Issue): number {
  if (issue.code === "unrecognized_keys") return issue.keys.length;
  return issue.code === "invalid_type" && issue.path.length === 0 ? 10 : 1;
}

function unknownKeys(keys: string[], path: PropertyKey[], known: string[]): Fault[] {
  return keys.map((key) => ({
    path: [...path, key],
    message: `there is no such key.${didYouMean(key, known) || ` Known here are ${quotedList(known)}.`}`,
  }));
}

/** The keys that a schema has at a path. */
function keysAt(schema: z.ZodType, path: PropertyKey[]): string[] {
  const found = path.reduce<JsonSchema[]>(
    (all, part) => all.flatMap((one) => alternatives(one).flatMap((each) => partOf(each, part))),
    [z.toJSONSchema(schema, { io: "input" })],
  );
  return [...new Set(found.flatMap(alternatives).flatMap((one) => Object.keys(one.properties ?? {})))];
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf?.filter((one) => typeof one === "object") ?? [schema];
}

function partOf({ properties, items }: JsonSchema, part: PropertyKey): JsonSchema[] {
  const found = typeof part === "number" ? items : properties?.[String(part)];
  return typeof found === "object" && !Array.isArray(found) ? [found] : [];
}

function quotedList(names: string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
