// GraphQL's words for check runs, which are REST's in capital letters. Only Apps write them, and only their own.
import type { z } from "zod";
import {
  updateCheckRun as changeCheckRun,
  createCheckRun as makeCheckRun,
} from "../actions/write-check-run.ts";
import { type Actor, type App, type CheckRun, type Hub, nodeId, type Repository } from "../hub.ts";
import { appOf } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { checkRunUpdate, newCheckRun } from "../routes/check-run-input.ts";
import { repositoryPage } from "../shapes/repository.ts";
import { noNode, refusal, requirePermission } from "./refusals.ts";

interface Annotation {
  path: string;
  location: { startLine: number; endLine: number; startColumn?: number | null; endColumn?: number | null };
  annotationLevel: string;
  message: string;
  title?: string | null;
  rawDetails?: string | null;
}
interface Change {
  clientMutationId?: string | null;
  repositoryId: string;
  name?: string | null;
  detailsUrl?: string | null;
  externalId?: string | null;
  status?: string | null;
  startedAt?: string | null;
  conclusion?: string | null;
  completedAt?: string | null;
  output?: { title: string; summary: string; text?: string | null; annotations?: Annotation[] | null } | null;
  actions?: { label: string; description: string; identifier: string }[] | null;
}

export async function createCheckRun(
  hub: Hub,
  actor: Actor,
  { input }: { input: Change & { headSha: string; name: string } },
) {
  const { repository, app } = writableBy(hub, actor, input.repositoryId);
  const wanted = read(newCheckRun, { ...inRest(input), head_sha: input.headSha });
  const run = await makeCheckRun(hub, { repository, app }, wanted).catch((error: unknown) => {
    throw error instanceof Problem ? refusal("UNPROCESSABLE", error.message) : error;
  });
  return { clientMutationId: input.clientMutationId, checkRun: checkRunNode(hub, repository, run) };
}

export function updateCheckRun(
  hub: Hub,
  actor: Actor,
  { input }: { input: Change & { checkRunId: string } },
) {
  const { repository, app } = writableBy(hub, actor, input.repositoryId);
  const run = repository.checkRuns.find(({ id }) => nodeId("CR", id) === input.checkRunId);
  if (!run) throw noNode(input.checkRunId);
  if (run.app !== app) throw refusal("FORBIDDEN", "Resource not accessible by integration");
  changeCheckRun(hub, { repository, run }, read(checkRunUpdate, inRest(input)));
  return { clientMutationId: input.clientMutationId, checkRun: checkRunNode(hub, repository, run) };
}

function writableBy(hub: Hub, actor: Actor, id: string): { repository: Repository; app: App } {
  const repository = hub.repositories.find((one) => nodeId("R", one.id) === id);
  if (!repository) throw noNode(id);
  requirePermission(actor, "checks:write", repository);
  const app = appOf(actor);
  if (!app) throw refusal("FORBIDDEN", "You must authenticate via a GitHub App.");
  return { repository, app };
}

function inRest({ output, ...input }: Change) {
  return present({
    name: input.name,
    details_url: input.detailsUrl,
    external_id: input.externalId,
    status: input.status?.toLowerCase(),
    started_at: input.startedAt,
    conclusion: input.conclusion?.toLowerCase(),
    completed_at: input.completedAt,
    actions: input.actions,
    output:
      output &&
      present({
        title: output.title,
        summary: output.summary,
        text: output.text,
        annotations: output.annotations?.map(annotationInRest),
      }),
  });
}

function annotationInRest({ path, location, annotationLevel, message, title, rawDetails }: Annotation) {
  return present({
    path,
    start_line: location.startLine,
    end_line: location.endLine,
    start_column: location.startColumn,
    end_column: location.endColumn,
    annotation_level: annotationLevel.toLowerCase(),
    message,
    title,
    raw_details: rawDetails,
  });
}

/** In GraphQL what is null is not said. */
function present(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
}

function read<T>(schema: z.ZodType<T>, values: unknown): T {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw refusal("UNPROCESSABLE", parsed.error.issues.map(({ message }) => message).join(" "));
}

function checkRunNode(hub: Hub, repository: Repository, run: CheckRun) {
  const url = `${repositoryPage(hub, repository)}/runs/${run.id}`;
  return {
    id: nodeId("CR", run.id),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    externalId: run.externalId,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    permalink: url,
    url,
  };
}
