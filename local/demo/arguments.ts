import { parseArgs } from "node:util";
import { messageOf } from "../../shared/errors.ts";

export type ModelChoice = { provider: "anthropic" | "openai" } | { provider: "script"; file: string };

export type DemoArguments = {
  /** Somebody's repository and the issue for it; without it the demo takes its own sample. */
  own?: { repository: string; issue: string };
  model: ModelChoice;
  json: boolean;
  exit: boolean;
};

export const help = `Shows how an issue becomes a pull request, on this machine alone.

  npm run demo                    a sample repository, an issue and a scripted model
  npm run demo -- OPTIONS

  --repo PATH     a local git repository; it is imported into a local GitHub and never written to
  --issue FILE    the issue: its title in the first line, then its text
  --model MODEL   anthropic or openai (with ANTHROPIC_API_KEY or OPENAI_API_KEY in the environment), or
                  script:FILE, the model's replies written beforehand (see docs/development.md)
  --json          one JSON object at the end on standard output; all the rest goes to standard error
  --exit          end when the pull request is there, also in a terminal
  --help          this text
`;

const options = {
  repo: { type: "string" },
  issue: { type: "string" },
  model: { type: "string" },
  json: { type: "boolean", default: false },
  exit: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line. Gives "help" when that was asked for; throws one clear sentence when it is not usable. */
export function readArguments(argv: string[], sampleScript: string): DemoArguments | "help" {
  const { repo, issue, model, json, exit, help } = parse(argv);
  if (help) return "help";
  if (repo !== undefined && issue === undefined) {
    throw new Error("--repo needs --issue FILE: what is to be done in that repository?");
  }
  if (issue !== undefined && repo === undefined) {
    throw new Error("--issue needs --repo PATH: which repository is the issue about?");
  }
  if (repo === undefined || issue === undefined) {
    return { model: readModel(model ?? `script:${sampleScript}`), json, exit };
  }
  if (model === undefined) {
    throw new Error("--repo needs --model anthropic, --model openai or --model script:FILE.");
  }
  return { own: { repository: repo, issue }, model: readModel(model), json, exit };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options, strict: true }).values;
  } catch (error) {
    const [sentence] = messageOf(error).split(". To specify");
    throw new Error(`${sentence?.replace(/\.?$/, ".")} npm run demo -- --help shows what there is.`);
  }
}

function readModel(model: string): ModelChoice {
  if (model === "anthropic" || model === "openai") return { provider: model };
  const [, file] = model.match(/^script:(.+)$/s) ?? [];
  if (file) return { provider: "script", file };
  throw new Error(`Expected --model anthropic, openai or script:FILE, got "${model}".`);
}
