// Reads a log group from a time on, each time what is new, until there is no room for another line.
import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { createLogLines, type LogLine } from "./log-lines.ts";

/** A line may arrive later than others that are newer than it. */
const lateness = 30_000;

export type LogTail = ReturnType<typeof createLogTail>;

export function createLogTail(logs: CloudWatchLogsClient, logGroup: string, start: Date) {
  const taken = createLogLines();
  const seen = new Set<string>();
  let newest = start.getTime();
  let firstLeftOut: number | undefined;

  /** Gives the lines that were not there before. */
  async function read(abortSignal: AbortSignal): Promise<LogLine[]> {
    const fresh: LogLine[] = [];
    const startTime = Math.max(start.getTime(), newest - lateness);
    let nextToken: string | undefined;
    do {
      const command = new FilterLogEventsCommand({ logGroupName: logGroup, startTime, nextToken });
      const answer = await logs.send(command, { abortSignal });
      for (const { eventId = "", ...event } of answer.events ?? []) {
        if (seen.has(eventId)) continue;
        const line = taken.add(event);
        if (!line) {
          firstLeftOut = event.timestamp;
          return fresh;
        }
        seen.add(eventId);
        newest = Math.max(newest, event.timestamp ?? 0);
        fresh.push(line);
      }
      nextToken = answer.nextToken;
    } while (nextToken);
    return fresh;
  }

  return {
    read,
    lines: taken.lines,
    isFull: () => firstLeftOut !== undefined,
    /** Says what was left out, when something was. */
    note(): string | undefined {
      const more = firstLeftOut !== undefined && moreNote(new Date(firstLeftOut));
      return [taken.cutNote(), more].filter(Boolean).join(" ") || undefined;
    },
  };
}

function moreNote(since: Date): string {
  return (
    `There was no room for the lines since ${since.toISOString()}: call again with that startTime, ` +
    "or use searchLogs, which goes through them page by page and can filter."
  );
}
