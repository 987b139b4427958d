import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { didYouMean } from "./closest.ts";
import { messageOf } from "./errors.ts";
import { contexts, partsOf, statusFunctions, stepResult } from "./expression-language.ts";

/** The steps around an expression, by id. */
export type Place = { step: string; before: string[]; after: string[] };

type Tokens = ReturnType<Lexer["lex"]>["tokens"];
type Named = { name: string; at: number };

const functions = statusFunctions.map((name) => ({
  name,
  minArgs: 0,
  maxArgs: 0,
  call: () => new data.BooleanData(true),
}));
const knownFunctions = new Map(functions.map((entry) => [entry.name, entry]));

/** What is wrong with an expression, as far as that can be known before it is evaluated. */
export function checkExpression(source: string, place: Place): string[] {
  const shown = `\`${source.trim()}\``;
  if (!source.trim()) return ["expected an expression inside of `${{ }}`"];
  try {
    const { tokens } = new Lexer(source).lex();
    const named = namesIn(tokens);
    // All names are allowed here: the library would tell of the first unknown one only.
    const names = named.map(({ name }) => name);
    const expression = new Parser(tokens, names, functions).parse();
    if (named.length === 0) new Evaluator(expression, new data.Dictionary(), knownFunctions).evaluate();
    return named
      .flatMap((one) => checkName(one, tokens, place))
      .map((problem) => `the expression ${shown}: ${problem}`);
  } catch (error) {
    return [`the expression ${shown} can't be evaluated: ${messageOf(error)}`];
  }
}

/** The names at the beginning of a path: `steps` in `steps.plan.outputs`. */
function namesIn(tokens: Tokens): Named[] {
  return tokens.flatMap(({ lexeme }, at) => {
    const isName = /^[a-z_][\w-]*$/i.test(lexeme) && !["true", "false", "null"].includes(lexeme);
    const isInside = tokens[at - 1]?.lexeme === "." || tokens[at + 1]?.lexeme === "(";
    return isName && !isInside ? [{ name: lexeme, at }] : [];
  });
}

function checkName({ name: written, at }: Named, tokens: Tokens, place: Place): string[] {
  const [name, inside] = entryOf(contexts, written) ?? [];
  if (!name || !inside)
    return [`there is no \`${written}\`.${didYouMean(written, Object.keys(contexts))} ${listed(contexts)}`];
  const part = partAt(tokens, at + 1);
  if (part === undefined) return [];
  if (name !== "steps") {
    const [owner, parts] = entryOf(partsOf, `${name}.${part.name}`) ?? [];
    const more = owner && partAt(tokens, part.end);
    return more ? checkPart(owner, more.name, parts ?? []) : checkPart(name, part.name, inside);
  }
  const problem = checkStep(part.name, place);
  if (problem) return [problem];
  const result = partAt(tokens, part.end);
  return result ? checkPart(`${name}.${part.name}`, result.name, stepResult) : [];
}

/** What follows a name: `.plan` or `['plan']`. Anything else is known only when it is evaluated. */
function partAt(tokens: Tokens, at: number): { name: string; end: number } | undefined {
  const [open, part, close] = tokens.slice(at, at + 3);
  if (open?.lexeme === "." && part && part.lexeme !== "*") return { name: part.lexeme, end: at + 2 };
  const isText = open?.lexeme === "[" && typeof part?.value === "string" && close?.lexeme === "]";
  return isText ? { name: String(part.value), end: at + 3 } : undefined;
}

function checkPart(owner: string, part: string, known: readonly string[]): string[] {
  if (known.length === 0) return [`\`${owner}\` is a text and has no \`${part}\`.`];
  if (known.some((name) => isSame(name, part))) return [];
  const parts = known.map((name) => `\`${name}\``).join(", ");
  return [`\`${owner}\` has no \`${part}\`.${didYouMean(part, known)} It has ${parts}.`];
}

function checkStep(id: string, { step, before, after }: Place): string | undefined {
  const isIn = (ids: string[]) => ids.some((known) => isSame(known, id));
  if (isIn(before)) return undefined;
  if (isSame(step, id)) return `step \`${step}\` uses its own outputs.`;
  if (isIn(after)) return `step \`${step}\` uses the outputs of \`${id}\`, which runs after it.`;
  return `there is no step \`${id}\`.${didYouMean(id, [...before, ...after])}`;
}

function entryOf(known: Record<string, readonly string[]>, name: string) {
  return Object.entries(known).find(([key]) => isSame(key, name));
}

/** Names in expressions know no letter case. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function listed(names: object): string {
  return `Available are ${Object.keys(names)
    .map((name) => `\`${name}\``)
    .join(", ")}.`;
}
