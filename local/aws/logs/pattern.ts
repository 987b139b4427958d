// CloudWatch Logs' filter patterns, as far as they are used here: words, and comparisons of fields in JSON.
import { AwsFault } from "../service.ts";

type Matches = (message: string) => boolean;

/** Throws the fault that the service has for a pattern that is none. */
export function readPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === "") return () => true;
  return text.startsWith("{") ? readJsonPattern(text) : readWords(text);
}

function readWords(text: string): Matches {
  const terms = text.match(/[?-]?"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const read = terms.map((term) => {
    const [, sign = "", quoted, bare] =
      term.match(/^([?-]?)(?:"((?:[^"\\]|\\.)*)"|([\p{L}\p{N}_]+))$/u) ?? [];
    const word = quoted?.replace(/\\(.)/g, "$1") ?? bare;
    if (word === undefined) throw invalid(`Invalid character(s) in term '${term}'`);
    return { sign, word };
  });
  const some = read.filter(({ sign }) => sign === "?");
  return (message) =>
    read.every(({ sign, word }) => sign === "?" || message.includes(word) === (sign === "")) &&
    (some.length === 0 || some.some(({ word }) => message.includes(word)));
}

const comparison = /^\s*\$\.([\w.]+)\s*(=|!=|<=|>=|<|>)\s*(?:"([^"]*)"|([\w.*-]+))\s*$/;

function readJsonPattern(text: string): Matches {
  const [, inside] = text.match(/^\{(.*)\}$/s) ?? [];
  const every = inside?.split("&&").map(readComparison);
  if (!every) throw invalid("Invalid filter pattern");
  return (message) => {
    const fields = parse(message);
    return fields !== undefined && every.every((holds) => holds(fields));
  };
}

function readComparison(text: string): (fields: unknown) => boolean {
  const [, path, operator, quoted, bare] = text.match(comparison) ?? [];
  if (!path) throw invalid("Invalid filter pattern");
  const wanted = quoted ?? bare ?? "";
  return (fields) => {
    const value = path
      .split(".")
      .reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), fields);
    if (operator === "=") return String(value) === wanted;
    if (operator === "!=") return String(value) !== wanted;
    const [left, right] = [Number(value), Number(wanted)];
    if (operator === "<") return left < right;
    if (operator === ">") return left > right;
    return operator === "<=" ? left <= right : left >= right;
  };
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function invalid(message: string): AwsFault {
  return new AwsFault("InvalidParameterException", message);
}
