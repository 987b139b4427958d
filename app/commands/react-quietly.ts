import { messageOf } from "../../shared/errors.ts";
import { type Reaction, react } from "../../shared/react.ts";
import type { AppDeps } from "../deps.ts";
import type { Asked } from "./command.ts";

/** Reacts to what a command is written in. Nobody is to wait for a command because its reaction could not be made. */
export async function reactQuietly(
  content: Reaction,
  { id, octokit, source }: Pick<Asked, "id" | "octokit" | "source">,
  { log }: Pick<AppDeps, "log">,
): Promise<void> {
  if (!source) return;
  try {
    await react(octokit, source, content);
  } catch (error) {
    log.warn({ delivery: id, reaction: content, error: messageOf(error) }, "reaction not made");
  }
}
