// Expressions are GitHub's own, evaluated by GitHub's library: `${{ steps.issue.outputs.title }}`.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { messageOf, PermanentFault } from "../../shared/errors.ts";

/** What expressions may name, and how the steps before this one went. */
export type ExpressionContext = { values: Record<string, unknown>; hasFailed: boolean };

const statusFunctions = ["success", "failure", "cancelled", "always"];

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
  const source = (condition ?? "success()").replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, "$1").trim();
  const namesStatus = new RegExp(`\\b(${statusFunctions.join("|")})\\s*\\(`, "i").test(source);
  if (!namesStatus && context.hasFailed) return false;
  return isTruthy(evaluate(source, context));
}

function evaluateText(text: string, context: ExpressionContext): unknown {
  const parts = text.split(/\$\{\{([\s\S]*?)\}\}/);
  if (parts.length === 1) return text;
  if (parts.length === 3 && parts[0]?.trim() === "" && parts[2]?.trim() === "") {
    return toPlain(evaluate(parts[1] ?? "", context));
  }
  // Every second part is an expression.
  return parts.map((part, index) => (index % 2 ? evaluate(part, context).coerceString() : part)).join("");
}

function evaluate(source: string, { values, hasFailed }: ExpressionContext): data.ExpressionData {
  const functions = statusFunctions.map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () =>
      new data.BooleanData(
        name === "always" || (name === "success" && !hasFailed) || (name === "failure" && hasFailed),
      ),
  }));
  try {
    const { tokens } = new Lexer(source).lex();
    const expression = new Parser(tokens, Object.keys(values), functions).parse();
    const context = toExpressionData(values);
    if (!(context instanceof data.Dictionary)) throw new Error("Expected the context to be an object");
    return new Evaluator(
      expression,
      context,
      new Map(functions.map((entry) => [entry.name, entry])),
    ).evaluate();
  } catch (error) {
    throw new PermanentFault(`The expression \`${source.trim()}\` can't be evaluated: ${messageOf(error)}`);
  }
}

function toExpressionData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver);
}

function toPlain(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer));
}

function isTruthy(value: data.ExpressionData): boolean {
  const plain = toPlain(value);
  return Boolean(plain);
}
