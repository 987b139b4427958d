export type LogEvent = {
  eventId: string;
  logStreamName: string;
  /** Milliseconds since 1970, like all times of this service. */
  timestamp: number;
  ingestionTime: number;
  message: string;
};

export type LogGroup = { name: string; creationTime: number; events: LogEvent[] };

/** The log groups by name. */
export type LogsState = Map<string, LogGroup>;

export type NewLines = {
  logGroup: string;
  stream?: string;
  /** A line of now, unless `at` says when, in milliseconds since 1970. */
  lines: (string | { message: string; at: number })[];
};

export function logsControls(groups: LogsState, now: () => Date) {
  let written = 0;

  return {
    /** Writes lines, into a group that is made when it is not there. */
    write({ logGroup, stream = "app/web/1", lines }: NewLines): void {
      const time = now().getTime();
      const group = groups.get(logGroup) ?? { name: logGroup, creationTime: time, events: [] };
      groups.set(logGroup, group);
      for (const line of lines) {
        const { message, at } = typeof line === "string" ? { message: line, at: time } : line;
        written += 1;
        const eventId = `${at}`.padStart(20, "3") + `${written}`.padStart(36, "0");
        group.events.push({ eventId, logStreamName: stream, timestamp: at, ingestionTime: time, message });
      }
      group.events.sort((a, b) => a.timestamp - b.timestamp || a.eventId.localeCompare(b.eventId));
    },
  };
}
