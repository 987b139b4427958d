import { oneLine } from "../../shared/terminal-text.ts";
import { command } from "../command.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import type { Output } from "../output.ts";

export const doctor = command({
  usage: "doctor",
  summary: "Check the whole installation, and say how to mend each fault.",
  details:
    "It reads the same settings as `npm start`, changes nothing and pays for nothing. The exit code is 1 when there is a fault.",
  async run({ deps, out }) {
    const findings = await examine({ ...deps, env: process.env });
    const faults = findings.filter(({ state }) => state === "fault").length;
    out.say({ json: { faults, findings }, text: asText(findings, out) });
    return faults > 0 ? 1 : 0;
  },
});

const marks = { well: ["green", "✔"], fault: ["red", "✖"], open: ["yellow", "–"] } as const;
const longest = 300;

function asText(findings: Finding[], { paint }: Output): string {
  const width = Math.max(...findings.map(({ about }) => about.length));
  const indent = " ".repeat(width + 4);
  return findings
    .map(({ about, state, detail, mend }) => {
      const [style, mark] = marks[state];
      const line = `${paint(style, mark)} ${about.padEnd(width)}  ${oneLine(detail, longest)}`;
      return mend ? `${line}\n${indent}${oneLine(mend, longest)}` : line;
    })
    .join("\n");
}
