// Is a service well? Said from what was read of it, with the reasons in words. What could not be read is never well.

/** What was read, or why it could not be. */
export type Part<T> = { read: T } | { unreadable: string };

export type ServiceState = {
  status: string;
  running: number;
  desired: number;
  pending: number;
  rollout: string;
  rolloutReason: string;
};
export type GroupHealth = {
  name: string;
  healthy: number;
  starting: number;
  unhealthy: number;
  leaving: number;
};
/** Of the last minutes. A share is in percent, and undefined where CloudWatch has no figure. */
export type RecentMetrics = {
  cpu?: number;
  memory?: number;
  /** What the load balancers counted; undefined for a service that is behind none. */
  traffic?: { requests: number; errors5xx: number };
};

export type HealthParts = {
  service: Part<ServiceState>;
  targets: Part<GroupHealth[]>;
  metrics: Part<RecentMetrics>;
};
export const verdicts = ["healthy", "degraded", "unhealthy", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];
type Finding = { verdict: Verdict; reason: string };

/** The limits of the alarms. */
const busy = 80;
const fewErrors = 5;
const manyErrors = 50;

export function judge({ service, targets, metrics }: HealthParts): { verdict: Verdict; reasons: string[] } {
  const findings = [
    ...findingsOf("ECS", service, ofService),
    ...findingsOf("The health of the targets", targets, (groups) => groups.flatMap(ofGroup)),
    ...findingsOf("The metrics", metrics, ofMetrics),
  ];
  const worst = (["unhealthy", "degraded", "unknown", "healthy"] as const).find((verdict) =>
    findings.some((finding) => finding.verdict === verdict),
  );
  const verdict = worst ?? "unknown";
  // What is well is of interest only when everything is.
  const telling = findings.filter((finding) => verdict === "healthy" || finding.verdict !== "healthy");
  return { verdict, reasons: telling.map(({ reason }) => reason) };
}

function findingsOf<T>(what: string, part: Part<T>, look: (value: T) => Finding[]): Finding[] {
  if ("read" in part) return look(part.read);
  return [{ verdict: "unknown", reason: `${what} could not be read: ${part.unreadable}` }];
}

function ofService({ status, running, desired, pending, rollout, rolloutReason }: ServiceState): Finding[] {
  if (status !== "ACTIVE") return [{ verdict: "unhealthy", reason: `The service is ${status}, not ACTIVE.` }];
  const findings: Finding[] = [ofCounts({ running, desired, pending })];
  if (rollout === "FAILED")
    findings.push({ verdict: "unhealthy", reason: `The rollout failed: ${rolloutReason}` });
  if (rollout === "IN_PROGRESS")
    findings.push({ verdict: "degraded", reason: "A rollout is in progress: its end will tell." });
  return findings;
}

function ofCounts({
  running,
  desired,
  pending,
}: Pick<ServiceState, "running" | "desired" | "pending">): Finding {
  const counts = `${running} of ${desired} tasks run`;
  if (desired === 0)
    return { verdict: "degraded", reason: "No task is wanted: the service is scaled to zero." };
  if (running === 0) return { verdict: "unhealthy", reason: `${counts}, ${pending} are being started.` };
  if (running < desired) return { verdict: "degraded", reason: `${counts}, ${pending} are being started.` };
  return { verdict: "healthy", reason: `${counts}.` };
}

function ofGroup({ name, healthy, starting, unhealthy }: GroupHealth): Finding[] {
  const wanted = healthy + starting + unhealthy;
  const counts = `In the target group ${name} ${healthy} of ${wanted} targets are healthy`;
  if (wanted === 0)
    return [{ verdict: "unhealthy", reason: `The target group ${name} has no target, so nothing answers.` }];
  if (healthy === wanted) return [{ verdict: "healthy", reason: `${counts}.` }];
  if (healthy === 0 && unhealthy > 0)
    return [{ verdict: "unhealthy", reason: `${counts}, ${unhealthy} fail their health check.` }];
  return [
    {
      verdict: "degraded",
      reason: `${counts}, ${starting} are starting, ${unhealthy} fail their health check.`,
    },
  ];
}

function ofMetrics({ cpu, memory, traffic }: RecentMetrics): Finding[] {
  return [ofShare("CPU", cpu), ofShare("Memory", memory), ...(traffic ? [ofTraffic(traffic)] : [])];
}

function ofShare(what: string, share: number | undefined): Finding {
  if (share === undefined)
    return { verdict: "healthy", reason: `${what}: CloudWatch has no figure of the last minutes.` };
  const reason = `${what} is at ${Math.round(share)} %.`;
  return { verdict: share > busy ? "degraded" : "healthy", reason };
}

function ofTraffic({ requests, errors5xx }: { requests: number; errors5xx: number }): Finding {
  if (requests === 0 && errors5xx === 0) return { verdict: "healthy", reason: "No requests were counted." };
  const share = (100 * errors5xx) / Math.max(requests, errors5xx);
  const reason = `${errors5xx} of ${requests} requests were answered with 5xx.`;
  if (share > manyErrors) return { verdict: "unhealthy", reason };
  return { verdict: share > fewErrors ? "degraded" : "healthy", reason };
}
