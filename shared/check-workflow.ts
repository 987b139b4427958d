// What can be known of a definition before it runs: that each name in it, of a step, a tool or an agent, is one.
import { z } from "zod";
import { checkExpression, type Place } from "./check-expression.ts";
import { didYouMean } from "./closest.ts";
import { conditionSource, expressionInText } from "./expression-language.ts";

/** Something wrong in a definition, at a path in it. */
export type Fault = { path: PropertyKey[]; message: string };

/** What there is to be named. What is not given is not checked. */
export type Known = { tools?: Iterable<string>; agents?: Iterable<string> };

/** The parts that are read here. Of each step the parts that are well-formed are checked, also when others are not. */
const Loose = z.looseObject({ steps: z.array(z.looseObject({}).catch({})) }).catch({ steps: [] });
type LooseStep = z.infer<typeof Loose>["steps"][number];

/** The parts of a step that may hold `${{ }}`. */
const evaluated = ["with", "approve", "wait"];

/** Gives every wrong reference in a definition, which need not be valid otherwise. */
export function checkReferences(definition: unknown, known: Known = {}): Fault[] {
  const { steps } = Loose.parse(definition);
  const ids = steps.map(({ id }) => String(id));
  return steps.flatMap((step, index) => {
    const place = { step: String(step.id), before: ids.slice(0, index), after: ids.slice(index + 1) };
    return [...checkTexts(step, place), ...checkNames(step, known)].map(({ path, message }) => ({
      path: ["steps", index, ...path],
      message,
    }));
  });
}

function checkTexts(step: LooseStep, place: Place): Fault[] {
  const faults = evaluated
    .flatMap((key) => textsIn(step[key], [key]))
    .flatMap(({ path, text }) => checkText(text, place).map((message) => ({ path, message })));
  if (typeof step.if !== "string") return faults;
  const condition = checkExpression(conditionSource(step.if), place);
  return [...condition.map((message) => ({ path: ["if"], message })), ...faults];
}

function textsIn(value: unknown, path: PropertyKey[]): { path: PropertyKey[]; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textsIn(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Every second part of a text that is split so is an expression. */
function checkText(text: string, place: Place): string[] {
  return text.split(expressionInText).flatMap((part, index) => {
    if (index % 2) return checkExpression(part, place);
    return part.includes("${{") ? ["expected `}}` after `${{`"] : [];
  });
}

function checkNames(step: LooseStep, { tools, agents }: Known): Fault[] {
  return [
    ...checkName(step, "tool", "tool", tools),
    ...checkName(step, "until", "tool", tools),
    ...checkName(step, "agent", "agent", agents),
  ];
}

function checkName(step: LooseStep, key: string, kind: string, known: Iterable<string> | undefined): Fault[] {
  const name = step[key];
  if (typeof name !== "string" || !known) return [];
  const names = [...known];
  if (names.includes(name)) return [];
  const message = `there is no ${kind} \`${name}\`.${didYouMean(name, names)}`;
  return [{ path: [key], message }];
}
