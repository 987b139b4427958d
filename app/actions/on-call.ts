// Carries out what a workflow of GitHub Actions asked for, as if who set the workflow's run off had typed it.
import type { Context } from "probot";
import { z } from "zod";
import { PermanentFault } from "../../shared/errors.ts";
import { unlessGone } from "../../shared/unless-gone.ts";
import { carryOut } from "../commands/carry-out.ts";
import type { Asked } from "../commands/command.ts";
import { parseCommands } from "../commands/parse.ts";
import type { AppDeps } from "../deps.ts";
import { installationOn } from "../installations/read-installation.ts";
import { ActionsCall, validSeconds } from "./call.ts";

/** A client for all that an installation reaches. */
export type OctokitOf = (installation: number) => Promise<Context["octokit"]>;

type Delivery = { id: string; payload: unknown };
type Place = { owner: string; repo: string };

/**
 * Asks GitHub whether that run is at work in that repository, and who set it off: whether they may decides, as after a comment.
 * What can't be carried out is said on the issue; a call that is not what it says it is, is a `PermanentFault`.
 */
export async function onActionsCall(
  { id, payload }: Delivery,
  { deps, octokitOf }: { deps: AppDeps; octokitOf: OctokitOf },
): Promise<void> {
  const call = read(payload);
  const commands = parseCommands(`/afu9 ${call.command}`);
  if (commands.length === 0)
    throw new PermanentFault(`Expected a command, got ${JSON.stringify(call.command)}.`);
  const [owner = "", repo = ""] = call.repository.split("/");
  const installation = await installationOn(deps.github.asApp, { owner, name: repo });
  if (installation === undefined) throw new PermanentFault(`The App is not installed on ${call.repository}.`);

  const octokit = await octokitOf(installation);
  const sender = await behindRun(octokit, { owner, repo }, call);
  const context = await askedBy(octokit, { owner, repo }, { id, call, sender, installation });
  await carryOut(commands, { context, deps });
}

function read(payload: unknown): ActionsCall {
  const call = ActionsCall.safeParse(payload);
  if (call.success) return call.data;
  throw new PermanentFault(`The call can't be used: ${z.prettifyError(call.error)}`);
}

type Sender = Asked["payload"]["sender"];

/** Who set the run off, or had it run again. Throws a `PermanentFault` when nobody is left, or the run is over. */
async function behindRun(octokit: Context["octokit"], place: Place, call: ActionsCall): Promise<Sender> {
  const found = await unlessGone(octokit.rest.actions.getWorkflowRun({ ...place, run_id: call.run }));
  const [run, name] = [found?.data, `${call.repository}'s run ${call.run}`];
  if (!run || run.status === "completed") throw new PermanentFault(`${name} is not at work: it can't ask.`);
  if (!run.triggering_actor) throw new PermanentFault(`${name} was set off by nobody that GitHub knows.`);
  const { id, login, type } = run.triggering_actor;
  return { id, login, type };
}

/** The call in the shape of a comment's webhook, with everything in it as GitHub has it now. */
async function askedBy(
  octokit: Context["octokit"],
  place: Place,
  { id, call, sender, installation }: { id: string; call: ActionsCall; sender: Sender; installation: number },
): Promise<Asked> {
  const [{ data: repository }, issue] = await Promise.all([
    octokit.rest.repos.get(place),
    unlessGone(octokit.rest.issues.get({ ...place, issue_number: call.number })),
  ]);
  // One that was given to another repository is answered with itself, there.
  if (issue?.data.repository_url !== repository.url || issue.data.number !== call.number)
    throw new PermanentFault(`There is no ${call.repository}#${call.number}.`);
  const { date } = issue.headers;
  // A call that is handled again looks for its answers from here on.
  const updated_at = new Date((call.timestamp - validSeconds) * 1_000).toISOString();
  return {
    id,
    octokit,
    repo: () => ({ owner: repository.owner.login, repo: repository.name }),
    payload: {
      sender,
      installation: { id: installation },
      repository,
      issue: { ...issue.data, updated_at },
    },
    made: {},
    // Its text was read at this moment, by GitHub's clock.
    at: date ? new Date(date).toISOString() : null,
  };
}
