// What a repository may read: its own targets' service, log groups, alarms and metrics. Anything else is refused, with what
// is allowed.

import { ToolFailure } from "../../shared/errors.ts";
import type { Target } from "../targets.ts";

type Dimensions = Record<string, string>;

export function allowLogGroup(targets: Target[], logGroup: string): void {
  const prefixes = targets.flatMap(({ logGroups = [] }) => logGroups);
  if (prefixes.some((prefix) => isCovered(logGroup, prefix))) return;
  throw notAllowed(`the log group ${logGroup}`, prefixes.map(coveredBy), "logGroups");
}

export function allowService(targets: Target[], cluster: string, service: string): void {
  if (targets.some((target) => target.cluster === cluster && target.service === service)) return;
  const services = targets.map((target) => `${target.service} in the cluster ${target.cluster}`);
  throw notAllowed(`the service ${service} in the cluster ${cluster}`, services, "service");
}

/** Gives the prefixes of the alarms that may be read. Throws when there is none. */
export function alarmPrefixes(targets: Target[]): string[] {
  const prefixes = targets.flatMap(({ alarmPrefix }) => alarmPrefix ?? []);
  if (prefixes.length === 0) throw notAllowed("alarms", [], "alarmPrefix");
  return [...new Set(prefixes)];
}

export function allowAlarms(targets: Target[], names: string[]): void {
  const prefixes = alarmPrefixes(targets);
  const refused = names.find((name) => !isAlarmOf(prefixes, name));
  if (refused) throw notAllowed(`the alarm ${refused}`, prefixes.map(coveredBy), "alarmPrefix");
}

export function isAlarmOf(prefixes: string[], name: string): boolean {
  return prefixes.some((prefix) => isCovered(name, prefix));
}

/** Namespaces such as AWS/ECS hold the metrics of everybody, so that the dimensions count as well. */
export function allowMetric(targets: Target[], namespace: string, dimensions: Dimensions): void {
  const metrics = targets.flatMap(metricsOf);
  const isAllowed = metrics.some(
    (metric) =>
      metric.namespace === namespace &&
      Object.entries(metric.dimensions).every(([name, value]) => dimensions[name] === value),
  );
  if (isAllowed) return;
  const wanted = `the metrics of ${namespace} with the dimensions ${JSON.stringify(dimensions)}`;
  const allowed = metrics.map(({ namespace, dimensions }) =>
    Object.keys(dimensions).length > 0 ? `${namespace} with ${JSON.stringify(dimensions)}` : namespace,
  );
  throw notAllowed(wanted, allowed, "metrics");
}

function metricsOf({ cluster, service, metrics = [] }: Target) {
  const ofService = { namespace: "AWS/ECS", dimensions: { ClusterName: cluster, ServiceName: service } };
  return [ofService, ...metrics.map(({ namespace, dimensions = {} }) => ({ namespace, dimensions }))];
}

/** `/ecs/shop` covers itself and `/ecs/shop/web`, not `/ecs/shopping`; `/ecs/shop-` covers all that begins with it. */
function isCovered(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(/[\w]$/.test(prefix) ? `${prefix}/` : prefix);
}

function coveredBy(prefix: string): string {
  return /[\w]$/.test(prefix) ? `${prefix} and what is below it` : `what begins with ${prefix}`;
}

function notAllowed(what: string, allowed: string[], setting: string): ToolFailure {
  const choices =
    allowed.length > 0 ? `Allowed: ${[...new Set(allowed)].join("; ")}.` : "Nothing of this kind is allowed.";
  return new ToolFailure(
    `This repository may not read ${what}. ${choices} An operator allows more with "${setting}" in AFU9_DEPLOY_TARGETS.`,
  );
}
