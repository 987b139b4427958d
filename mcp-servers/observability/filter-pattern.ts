// The patterns by which CloudWatch Logs filters: words, fields of JSON, or fields between spaces. What is none of these is
// refused before it is sent.
import { z } from "zod";

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const regex = String.raw`%(?:[^%\\]|\\.)+%`;
/** `ERROR "timed out" -health ?a ?b` */
const words = new RegExp(String.raw`^\s*(?:[?-]?(?:${quoted}|${regex}|[\p{L}\p{N}_]+)(?:\s+|$))+$`, "u");
/** `{ $.level = "error" && $.status >= 500 }` */
const jsonFields = new RegExp(
  String.raw`^\s*\{(?=[^"%]*\$[.[])(?:${quoted}|${regex}|[\w\s$.*=!<>&|()[\]+-])+\}\s*$`,
);
/** `[ip, user, ..., status = 5*, size]` */
const spacedFields = new RegExp(String.raw`^\s*\[(?:${quoted}|${regex}|[\w\s.,*=!<>&|()+-])+\]\s*$`);

const longest = 1_024;

export const filterPattern = z
  .string()
  .max(longest, `expected at most ${longest} characters`)
  .refine((pattern) => !/\p{C}/u.test(pattern), "control characters and line breaks are not allowed")
  .refine(
    (pattern) => [words, jsonFields, spacedFields].some((form) => form.test(pattern)),
    "expected a filter pattern of CloudWatch Logs: words (put what has other characters than letters, digits and _ in double quotes), " +
      '{ $.level = "error" } or [a, b, status = 5*]',
  );
