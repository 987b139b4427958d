import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import type { ToolCall } from "../../tool.ts";
import { allowLogGroup } from "../allowed.ts";
import { filterPattern } from "../filter-pattern.ts";
import { endTime, logGroup, note, Range, startTime } from "../inputs.ts";
import { createLogLines, LogLine, lineCaps } from "../log-lines.ts";
import { type ObservabilityDeps, observabilityTool } from "../observability-tool.ts";
import { readPage, type SearchPage, writePage } from "../search-page.ts";
import { checkRange, hours, readRange } from "../time-range.ts";

const longest = hours(24);
/** A search through much that matches nothing answers before the caller gives up on it. */
const patience = 6_000;

export const searchLogs = observabilityTool({
  name: "searchLogs",
  description: `Search a log group of this repository's deployments, oldest lines first: at most 24 hours and ${lineCaps.lines} lines in one call. The answer says how to get the next ones.`,
  input: z.object({
    logGroup,
    startTime,
    endTime,
    filterPattern: filterPattern
      .optional()
      .describe('A filter pattern of CloudWatch Logs, such as ERROR, "timed out" or { $.level = "error" }'),
    page: z
      .string()
      .max(16_384)
      .optional()
      .describe("`nextPage` of an earlier answer: the search goes on from there"),
  }),
  output: z.object({
    range: Range,
    lines: z.array(LogLine),
    note,
    nextPage: z.string().optional(),
  }),
  async run(input, deps, call) {
    allowLogGroup(deps.targets, input.logGroup);
    const from: SearchPage = input.page
      ? readPage(input.page)
      : { range: readRange(input, { longest, now: new Date() }), skip: 0 };
    const { start, end } = checkRange(from.range, longest);
    const { found, next } = await search(input, from, deps, call);
    const notes = [found.cutNote(), next && moreNote(found.lines)].filter(Boolean);
    return {
      range: { start: start.toISOString(), end: end.toISOString() },
      lines: found.lines,
      ...(notes.length > 0 && { note: notes.join(" ") }),
      ...(next && { nextPage: writePage(next) }),
    };
  },
});

type Search = { logGroup: string; filterPattern?: string };
type Found = { found: ReturnType<typeof createLogLines>; next?: SearchPage };

/** Reads page after page until there is no room left for a line, no page or no time. */
async function search(
  what: Search,
  from: SearchPage,
  { logs }: ObservabilityDeps,
  { signal }: ToolCall,
): Promise<Found> {
  const found = createLogLines();
  const end = performance.now() + patience;
  let at = from;
  while (true) {
    const answer = await logs.send(pageCommand(what, at), { abortSignal: signal });
    const events = (answer.events ?? []).slice(at.skip);
    const taken = events.findIndex((event) => !found.add(event));
    if (taken >= 0) return { found, next: { ...at, skip: at.skip + taken } };
    if (!answer.nextToken) return { found };

    at = { range: at.range, token: answer.nextToken, skip: 0 };
    if (found.lines.length === lineCaps.lines || performance.now() > end) return { found, next: at };
  }
}

function pageCommand({ logGroup, filterPattern }: Search, { range, token }: SearchPage) {
  return new FilterLogEventsCommand({
    logGroupName: logGroup,
    filterPattern,
    startTime: range.start.getTime(),
    endTime: range.end.getTime(),
    nextToken: token,
    limit: lineCaps.lines,
  });
}

function moreNote(lines: LogLine[]): string {
  const last = lines.at(-1);
  return (
    `${last ? `What comes after ${last.time} was left out` : "The search is not at its end yet"}: ` +
    'call again with the same arguments and "page" set to "nextPage", or with a filterPattern or a shorter range.'
  );
}
