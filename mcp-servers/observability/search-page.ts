// Where a search goes on: an opaque text for the caller.
import { z } from "zod";
import { ToolFailure } from "../../shared/errors.ts";
import type { TimeRange } from "./time-range.ts";

/** The range as it was, CloudWatch's token of the page, and how many of the page's lines were given already. */
export type SearchPage = { range: TimeRange; token?: string; skip: number };

const moment = z.number().int().min(0).max(8.64e15);
const Written = z.tuple([moment, moment, z.number().int().min(0), z.string().optional()]);

export function writePage({ range, token, skip }: SearchPage): string {
  const written = [range.start.getTime(), range.end.getTime(), skip, token];
  return Buffer.from(JSON.stringify(token === undefined ? written.slice(0, 3) : written)).toString(
    "base64url",
  );
}

export function readPage(page: string): SearchPage {
  try {
    const [start, end, skip, token] = Written.parse(JSON.parse(Buffer.from(page, "base64url").toString()));
    return { range: { start: new Date(start), end: new Date(end) }, token, skip };
  } catch {
    throw new ToolFailure(
      'Expected "page" as an earlier answer gave it in "nextPage". Call again without it.',
    );
  }
}
