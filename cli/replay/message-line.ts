import type { Message } from "../../worker/llm/model.ts";

/** A message of an agent on one line, for people who watch. */
export function messageLine(step: string, message: Message): string {
  return `  ${step} · ${lineOf(message)}`;
}

function lineOf(message: Message): string {
  if (message.role === "assistant") {
    const calls = message.calls.map(({ name }) => name).join(", ");
    return [firstLine(message.text), calls && `calls ${calls}`].filter(Boolean).join(" · ") || "says nothing";
  }
  if (message.role === "tool") return `${message.isError ? "✖" : "✔"} ${message.name}`;
  return `gets the ${message.kind}`;
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line.length <= 120 ? line : `${line.slice(0, 120).toWellFormed()}…`;
}
