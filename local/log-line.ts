import { styleText } from "node:util";
import { parseLog } from "./supervised-process.ts";

const colors = { warn: "yellow", error: "red", fatal: "red" } as const;
const known = ["level", "timestamp", "time", "service", "name", "pid", "hostname", "message", "msg", "url"];

/** One line of a process's log in one line for people: time, process, message, and the other fields. */
export function prettyLog(name: string, line: string): string {
  const prefix = styleText("cyan", name.padEnd(13));
  const log = parseLog(line);
  if (!log) return `${" ".repeat(8)} ${prefix} ${line}`;

  const time = (log.timestamp ?? "").slice(11, 19).padEnd(8);
  const color = colors[log.level as keyof typeof colors];
  const message = color ? styleText(color, log.message ?? "") : (log.message ?? "");
  const fields = Object.entries(log).filter(([key]) => !known.includes(key) || key === "url");
  const rest = fields.map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [styleText("dim", time), prefix, message, styleText("dim", rest.join(" "))].join(" ").trimEnd();
}

/** The same line for a program: JSON stays as it is, anything else becomes JSON. */
export function jsonLog(name: string, line: string): string {
  if (parseLog(line)) return line;
  return JSON.stringify({ level: "info", timestamp: new Date().toISOString(), service: name, message: line });
}
