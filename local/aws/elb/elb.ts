import { element, queryService } from "../protocols/query.ts";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";
import type { ElbState, LocalTarget, TargetGroup } from "./state.ts";

/** Elastic Load Balancing, version 2. */
export const elb = queryService(
  "elasticloadbalancing",
  "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  { DescribeTargetHealth: describeTargetHealth, DescribeTargetGroups: describeTargetGroups },
);

function describeTargetHealth(form: URLSearchParams, { elb }: World): string {
  const { targets } = findGroup(elb, form.get("TargetGroupArn") ?? "");
  return members("TargetHealthDescriptions", targets.map(healthOf));
}

function describeTargetGroups(form: URLSearchParams, { elb }: World): string {
  const arns = [...form].filter(([name]) => name.startsWith("TargetGroupArns.member.")).map(([, arn]) => arn);
  return members(
    "TargetGroups",
    arns.map((arn) => groupXml(findGroup(elb, arn))),
  );
}

function findGroup(groups: ElbState, arn: string): TargetGroup {
  if (!arn.startsWith("arn:"))
    throw new AwsFault("ValidationError", `'${arn}' is not a valid target group ARN`);
  const group = groups.get(arn);
  if (!group) throw new AwsFault("TargetGroupNotFound", "One or more target groups not found");
  return group;
}

function healthOf({ id, port, state, reason, description }: LocalTarget): string {
  const target = element("Id", id) + element("Port", String(port));
  const health =
    element("State", state) +
    (reason ? element("Reason", reason) : "") +
    (description ? element("Description", description) : "");
  return `<HealthCheckPort>${port}</HealthCheckPort><Target>${target}</Target><TargetHealth>${health}</TargetHealth>`;
}

function groupXml({ arn, name, loadBalancerArns }: TargetGroup): string {
  const balancers = loadBalancerArns.map((balancer) => element("member", balancer)).join("");
  return (
    element("TargetGroupArn", arn) +
    element("TargetGroupName", name) +
    element("TargetType", "ip") +
    `<LoadBalancerArns>${balancers}</LoadBalancerArns>`
  );
}

function members(name: string, items: string[]): string {
  return `<${name}>${items.map((item) => `<member>${item}</member>`).join("")}</${name}>`;
}
