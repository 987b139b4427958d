import { randomUUID } from "node:crypto";
import { saveWorkflows, startExecution } from "../app/start-execution.ts";
import type { Database } from "../shared/db.ts";
import type { Queues } from "../shared/queue.ts";
import { parseWorkflow } from "../shared/workflow.ts";

/** A rate that no benchmark comes to. */
const never = 1_000_000_000;

/** A repository, of an installation of its own. */
export type Place = { installation: number; repository: { id: number; owner: string; name: string } };

/** Starts an execution of a definition as a webhook does: its row, then the nudge. Gives its id. */
export async function start(
  source: string,
  { installation, repository }: Place,
  issue: number,
  deps: { db: Database; queues: Queues },
): Promise<string> {
  const [workflow] = await saveWorkflows(deps.db, [parseWorkflow(source, "bench")]);
  if (!workflow) throw new Error("Expected the workflow to be saved.");
  const started = await startExecution(
    workflow,
    {
      kind: "label",
      delivery: randomUUID(),
      installation,
      sender: { id: 1, login: "bench" },
      repository: { ...repository, defaultBranch: "main" },
      issue: { number: issue, title: "To be measured" },
      instructions: "",
    },
    { ...deps, policy: { AFU9_RATE_USER_HOUR: never, AFU9_RATE_REPOSITORY_HOUR: never } },
  );
  if ("started" in started) return started.started;
  throw new Error(`The execution ${started.already} works on issue ${issue} already.`);
}

/** A workflow whose one step takes some time and changes nothing. */
export function sleeping(seconds: number): string {
  return `name: sleeping-${seconds}
on: {}
steps:
  - { id: sleep, tool: bench.sleep, with: { seconds: ${seconds} } }
`;
}
