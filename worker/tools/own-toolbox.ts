import { ownTools } from "../../shared/own-tools.ts";
import type { OpenToolbox } from "./toolbox.ts";

/** What each of the worker's own tools gives, by its full name. */
export type OwnTools = Record<string, () => Promise<Record<string, unknown>>>;

/** A toolbox of the worker's own tools, for steps that call one, and the ordinary one for all others. */
export function withOwnTools(open: OpenToolbox, own: OwnTools): OpenToolbox {
  return async (step) => {
    const [name] = step.tools;
    const answer = step.tools.length === 1 && name !== undefined && ownTools.includes(name) && own[name];
    if (!answer) return open(step);
    return {
      specs: async () => [],
      isReadOnly: async () => true,
      fullName: (plain) => plain,
      async call() {
        const startedAt = performance.now();
        const data = await answer();
        const durationMs = Math.round(performance.now() - startedAt);
        return { text: JSON.stringify(data), data, isError: false, mayPass: false, durationMs };
      },
    };
  };
}
