// Compares the accepted deliveries with the executions and with what is on GitHub. Each violation is a sentence; none is good.
import type { World, WorldExecution } from "./world.ts";

const terminal = ["succeeded", "failed", "cancelled"];
const open = ["pending", "running", "waiting"];
const firstHash = "0".repeat(64);

type Rule = (world: World) => string[];

const rules: Rule[] = [
  acceptedAreProcessed,
  oneExecutionEach,
  allHaveEnded,
  oneOfEverythingOnGitHub,
  nothingElseOnGitHub,
  stepsOnce,
  turnsPaidOnce,
  auditUnbroken,
  onlyTheHolderWrote,
  nothingLeftOnDisk,
];

/** What is wrong in the world, after everything came to rest. */
export function check(world: World): string[] {
  return rules.flatMap((rule) => rule(world));
}

/** The share of the issues whose execution did real work: it opened its pull request. */
export function realWork(world: World): number {
  const done = world.executions.filter(
    ({ id, status }) => status === "succeeded" && pullsOf(world, id).length > 0,
  );
  return world.issues.length === 0 ? 0 : done.length / world.issues.length;
}

function acceptedAreProcessed({ accepted, deliveries }: World): string[] {
  const rows = new Map(deliveries.map((row) => [row.id, row]));
  const lost = accepted.flatMap(({ id, event }) => {
    const row = rows.get(id);
    if (!row) return [`The delivery ${id} (${event}) was accepted, and there is no row of it.`];
    if (row.status === "processed") return [];
    return [`The delivery ${id} (${event}) was accepted and is ${row.status}: ${row.error ?? "no error"}.`];
  });
  const known = new Set(accepted.map(({ id }) => id));
  const unknown = deliveries.filter(({ id }) => !known.has(id));
  return [
    ...lost,
    ...unknown.map(({ id }) => `There is a row of the delivery ${id}, which was never accepted.`),
  ];
}

function oneExecutionEach({ issues, executions, accepted }: World): string[] {
  const known = new Set(accepted.map(({ id }) => id));
  return [
    ...issues.flatMap((issue) => {
      const own = executions.filter((execution) => execution.issue === issue);
      return own.length === 1 ? [] : [`Expected one execution for issue #${issue}, got ${own.length}.`];
    }),
    ...executions
      .filter(({ issue }) => !issues.includes(issue))
      .map(({ id, issue }) => `The execution ${id} is for issue #${issue}, where nobody asked for one.`),
    ...executions
      .filter(({ delivery }) => !known.has(delivery))
      .map(
        ({ id, delivery }) => `The execution ${id} names the delivery ${delivery}, which was never accepted.`,
      ),
    ...twice(executions.map(({ delivery }) => delivery)).map(
      (delivery) => `The delivery ${delivery} started more than one execution.`,
    ),
  ];
}

function allHaveEnded({ executions }: World): string[] {
  return executions.flatMap(({ id, status, isFinished, isReported }) => {
    if (!terminal.includes(status) || !isFinished)
      return [`The execution ${id} has not ended: it is ${status}.`];
    return isReported ? [] : [`The end of the execution ${id} was not reported.`];
  });
}

const pullsOf = ({ github }: World, id: string) => github.pulls.filter(({ head }) => isOf(head, id));

/** The branch of an execution ends with the last digits of its id. */
function isOf(branch: string, id: string): boolean {
  return branch.endsWith(`-${id.slice(-8)}`);
}

function oneOfEverythingOnGitHub(world: World): string[] {
  return world.executions.flatMap((execution) => effectsOf(world, execution));
}

function effectsOf({ github }: World, { id, issue, status }: WorldExecution): string[] {
  const branches = github.branches.filter(({ name }) => isOf(name, id));
  const pulls = github.pulls.filter(({ head }) => isOf(head, id));
  const runs = github.checkRuns.filter(({ externalId }) => externalId === id);
  const comments = github.comments.filter(({ body }) => body.includes(id));
  // An execution that failed may have made only some of it.
  const least = status === "succeeded" ? 1 : 0;
  const counts: [string, number, number][] = [
    ["branch", branches.length, least],
    ["pull request", pulls.length, least],
    ["check run", runs.length, least],
    ["comment", comments.length, 1],
  ];
  return [
    ...counts
      .filter(([, count, wanted]) => count > 1 || count < wanted)
      .map(([what, count]) => `Expected one ${what} of the execution ${id} (issue #${issue}), got ${count}.`),
    ...branches
      .filter(({ commits }) => commits > 1 || commits < least)
      .map(({ name, commits }) => `Expected one commit on the branch ${name}, got ${commits}.`),
    ...comments
      .filter((comment) => comment.issue !== issue)
      .map(
        (comment) => `The comment of the execution ${id} is on issue #${comment.issue}, not on #${issue}.`,
      ),
    ...runs
      .filter((run) => run.status !== "completed")
      .map((run) => `The check run of the execution ${id} is ${run.status}, and nobody works on it.`),
    ...runs
      .filter(
        (run) => run.status === "completed" && (run.conclusion === "success") !== (status === "succeeded"),
      )
      .map(
        (run) => `The check run of the execution ${id} says ${run.conclusion}, and the execution ${status}.`,
      ),
  ];
}

function nothingElseOnGitHub({ github, executions }: World): string[] {
  const isOurs = (branch: string) => executions.some(({ id }) => isOf(branch, id));
  const names = (text: string) => executions.some(({ id }) => text.includes(id));
  return [
    ...github.branches
      .filter(({ name }) => name !== github.defaultBranch && !isOurs(name))
      .map(({ name }) => `The branch ${name} belongs to no execution.`),
    ...github.pulls
      .filter(({ head }) => !isOurs(head))
      .map(({ number, head }) => `The pull request #${number} from ${head} belongs to no execution.`),
    ...github.checkRuns
      .filter(({ externalId }) => !names(externalId))
      .map(({ externalId }) => `A check run with the external id ${externalId} belongs to no execution.`),
    ...github.comments
      .filter(({ body }) => !names(body))
      .map(({ issue, body }) => `A comment on #${issue} belongs to no execution: ${body.slice(0, 80)}`),
  ];
}

function stepsOnce({ steps, executions }: World): string[] {
  const ended = new Map(executions.map(({ id, status }) => [id, status]));
  const done = steps.filter(({ status }) => status === "succeeded");
  const names = new Set(done.map(({ step }) => step));
  return [
    ...twice(done.map(({ execution, step }) => `${step} of the execution ${execution}`)).map(
      (what) => `The step ${what} succeeded more than once.`,
    ),
    ...steps
      .filter(
        ({ execution, status }) => open.includes(status) && terminal.includes(ended.get(execution) ?? ""),
      )
      .map(
        ({ execution, step, status }) =>
          `The step ${step} of the execution ${execution}, which has ended, is still ${status}.`,
      ),
    ...executions
      .filter(({ status }) => status === "succeeded")
      .flatMap(({ id }) => {
        const own = new Set(done.filter(({ execution }) => execution === id).map(({ step }) => step));
        return [...names]
          .filter((step) => !own.has(step))
          .map((step) => `The execution ${id} succeeded without the step ${step}.`);
      }),
  ];
}

/** A turn that was under way when its worker died may be asked for again; one that was saved may not. */
function turnsPaidOnce({ turns, asked }: World): string[] {
  const saved = new Map(turns.map((turn) => [`${turn.conversation} ${turn.turn}`, turn]));
  return [
    ...asked.flatMap(({ conversation, turn, at }) => {
      const known = saved.get(`${conversation} ${turn}`);
      if (!known || known.savedAt >= at) return [];
      return [
        `Turn ${turn} of the execution ${known.execution} was asked for ${at - known.savedAt} ms after it was saved.`,
      ];
    }),
    ...twice(
      turns.map(
        ({ execution, conversation, turn }) => `${turn} of the conversation ${conversation} (${execution})`,
      ),
    ).map((what) => `Turn ${what} was saved more than once.`),
    ...turns
      .filter(
        ({ conversation, turn }) =>
          !asked.some((one) => one.conversation === conversation && one.turn === turn),
      )
      .map(
        ({ execution, turn }) =>
          `Turn ${turn} of the execution ${execution} was saved, and the model never gave it.`,
      ),
  ];
}

function auditUnbroken({ toolCalls }: World): string[] {
  const chains = Map.groupBy(toolCalls, ({ execution }) => execution);
  return [...chains].flatMap(([execution, calls]) => {
    const chain = calls.toSorted((a, b) => a.sequence - b.sequence);
    const broken = chain.find(
      ({ sequence, prevHash }, index) =>
        sequence !== index + 1 || prevHash !== (chain[index - 1]?.hash ?? firstHash),
    );
    return broken
      ? [`The chain of tool calls of the execution ${execution} breaks at number ${broken.sequence}.`]
      : [];
  });
}

function onlyTheHolderWrote({ wrongs }: World): string[] {
  return wrongs.map(({ execution, what }) => `Execution ${execution}: ${what}.`);
}

function nothingLeftOnDisk({ workspaces }: World): string[] {
  return workspaces.map((name) => `The checkout of ${name} was left on disk.`);
}

function twice(values: string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(values.filter((value) => seen.size === seen.add(value).size))];
}
