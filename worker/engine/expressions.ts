// Expressions are GitHub's own, evaluated by GitHub's library: `${{ steps.issue.outputs.title }}`.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { messageOf, PermanentFault } from "../../shared/errors.ts";
import { conditionSource, expressionInText, statusFunctions } from "../../shared/expression-language.ts";

/** What expressions may name, and how the steps before this one went. */
export type ExpressionContext = {
  values: Record<string, unknown>;
  hasFailed: boolean;
  isCancelled: boolean;
};

/**
 * Evaluates every `${{ … }}` in a value, however deep. A text that is one expression becomes that expression's
 * value; inside a longer text the value is written out as GitHub Actions does. Throws a `PermanentFault`.
 */
export function evaluateInputs(value: unknown, context: ExpressionContext): unknown {
  if (typeof value === "string") return evaluateText(value, context);
  if (Array.isArray(value)) return value.map((item) => evaluateInputs(item, context));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluateInputs(item, context)]));
}

/** Whether a step runs. Without a status function a condition holds only while no step has failed. */
export function evaluateCondition(condition: string | undefined, context: ExpressionContext): boolean {
  const source = conditionSource(condition ?? "success()");
  const namesStatus = new RegExp(`\\b(${statusFunctions.join("|")})\\s*\\(`, "i").test(source);
  if (!namesStatus && (context.hasFailed || context.isCancelled)) return false;
  return Boolean(evaluate(source, context, toPlain));
}

function evaluateText(text: string, context: ExpressionContext): unknown {
  const parts = text.split(expressionInText);
  if (parts.length === 1) return text;
  if (parts.length === 3 && parts[0]?.trim() === "" && parts[2]?.trim() === "") {
    return evaluate(parts[1] ?? "", context, toPlain);
  }
  // Every second part is an expression.
  return parts
    .map((part, index) => (index % 2 ? evaluate(part, context, (value) => value.coerceString()) : part))
    .join("");
}

function evaluate<T>(
  source: string,
  { values, hasFailed, isCancelled }: ExpressionContext,
  read: (value: data.ExpressionData) => T,
): T {
  const holds: Record<string, boolean> = {
    success: !hasFailed && !isCancelled,
    failure: hasFailed && !isCancelled,
    cancelled: isCancelled,
    always: true,
  };
  const functions = statusFunctions.map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(holds[name] === true),
  }));
  try {
    const { tokens } = new Lexer(source).lex();
    const expression = new Parser(tokens, Object.keys(values), functions).parse();
    const known = new Map(functions.map((entry) => [entry.name, entry]));
    return read(new Evaluator(expression, toDictionary(values), known).evaluate());
  } catch (error) {
    throw new PermanentFault(`The expression \`${source.trim()}\` can't be evaluated: ${messageOf(error)}`);
  }
}

/** A dictionary of the library knows no letter case and loses a key such as `constructor`; what it was made of does not. */
const originals = new WeakMap<data.ExpressionData, object>();
/** What a value was made into, so that large outputs are not gone through anew for each expression. Values never change. */
const made = new WeakMap<object, data.ExpressionData>();

function toExpressionData(value: unknown): data.ExpressionData {
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (value === null || typeof value !== "object") return new data.Null();
  return made.get(value) ?? (Array.isArray(value) ? toList(value) : toDictionary(value));
}

function toList(items: unknown[]): data.Array {
  const list = new data.Array();
  for (const item of items) list.add(toExpressionData(item));
  originals.set(list, items);
  made.set(items, list);
  return list;
}

function toDictionary(value: object): data.Dictionary {
  const dictionary = new data.Dictionary();
  for (const [key, item] of Object.entries(value)) dictionary.add(key, toExpressionData(item));
  originals.set(dictionary, value);
  made.set(value, dictionary);
  return dictionary;
}

/** What an expression named comes back as it was; what it made anew is turned into JSON. */
function toPlain(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(originals.get(value) ?? value, data.replacer));
}
