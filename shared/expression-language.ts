// What expressions in a definition may name. The engine gives the values, the check of a definition knows the names.

/** Each name with the names that it has inside; one without them is a text. */
export const contexts: Record<string, readonly string[]> = {
  repository: ["id", "owner", "name", "defaultBranch"],
  issue: ["number", "title"],
  pullRequest: ["number", "head", "base", "isFork", "byApp"],
  run: ["id", "attempt", "name", "conclusion", "url"],
  review: ["id", "state", "url"],
  sender: ["id", "login"],
  instructions: [],
  command: [],
  config: [
    "setup",
    "verify",
    "network",
    "model",
    "budget",
    "approval",
    "review",
    "protected-paths",
    "language",
  ],
  execution: ["id", "key", "round", "workflow", "link"],
  steps: [],
};

/** What is inside of what a context has. */
export const partsOf: Record<string, readonly string[]> = {
  "pullRequest.head": ["ref", "sha", "repository"],
  "pullRequest.base": ["ref", "sha"],
  "config.approval": ["plan"],
};

/** What is there of a step that has run. */
export const stepResult = ["outputs", "outcome", "conclusion"];

/** Without one of them a condition holds only while no step has failed. */
export const statusFunctions = ["success", "failure", "cancelled", "always"];

/** `${{ … }}`: a text in quotes inside of it may hold `}}`. */
export const expressionInText = /\$\{\{((?:'[^']*'|[^'])*?)\}\}/;

/** The expression of a condition, which may stand alone or in `${{ }}`. */
export function conditionSource(condition: string): string {
  return condition.replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, "$1").trim();
}
