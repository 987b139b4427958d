// app.yml: what the GitHub App may do and hears of, each with its reason. The manifest and `doctor` have it from here.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { z } from "zod";

const AppFile = z.object({
  name: z.string(),
  url: z.url(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
  default_events: z.array(z.string()),
});

/** Why the App needs something, by its name. */
type Reasons = Record<string, string>;

export type AppDescription = z.infer<typeof AppFile> & {
  /** The comments behind the file's entries. */
  reasons: { permissions: Reasons; events: Reasons };
};

export async function readAppDescription(root: string): Promise<AppDescription> {
  const document = parseDocument(await readFile(join(root, "app.yml"), "utf8"));
  const permissions = document.get("default_permissions");
  const events = document.get("default_events");
  return {
    ...AppFile.parse(document.toJS()),
    reasons: {
      permissions: isMap(permissions) ? reasonsOf(permissions.items) : {},
      events: isSeq(events) ? reasonsOf(events.items.map((item) => ({ key: item, value: item }))) : {},
    },
  };
}

function reasonsOf(entries: { key: unknown; value: unknown }[]): Reasons {
  return Object.fromEntries(
    entries.map(({ key, value }) => [
      isScalar(key) ? String(key.value) : "",
      (isScalar(value) && value.comment?.trim()) || "",
    ]),
  );
}
