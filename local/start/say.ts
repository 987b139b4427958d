import { jsonLog, prettyLog } from "../log-line.ts";

/** Prints what a process has logged. */
export function print(name: string, line: string): void {
  process.stdout.write(`${process.stdout.isTTY ? prettyLog(name, line) : jsonLog(name, line)}\n`);
}

/** Says something as `npm start` itself. */
export function say(message: string, level: "info" | "error" = "info"): void {
  print("start", JSON.stringify({ level, timestamp: new Date().toISOString(), service: "start", message }));
}

export function reportEnd(failure: Error, delayMs = 0): void {
  say(`${failure.message.split("\n")[0]} Starting it again in ${delayMs / 1000} s.`, "error");
}
