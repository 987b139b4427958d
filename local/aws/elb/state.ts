export type LocalTarget = { id: string; port: number; state: string; reason?: string; description?: string };
export type TargetGroup = { arn: string; name: string; loadBalancerArns: string[]; targets: LocalTarget[] };

/** The target groups by their ARN. */
export type ElbState = Map<string, TargetGroup>;

export function elbControls(groups: ElbState, { account, region }: { account: string; region: string }) {
  const arn = (path: string) => `arn:aws:elasticloadbalancing:${region}:${account}:${path}`;

  return {
    /** Makes a target group behind a load balancer of the same name, and gives its ARN. */
    addTargetGroup({ name }: { name: string }): string {
      const group = {
        arn: arn(`targetgroup/${name}/73e2d6bc24d8a067`),
        name,
        loadBalancerArns: [arn(`loadbalancer/app/${name}/50dc6c495c0c9188`)],
        targets: [],
      };
      groups.set(group.arn, group);
      return group.arn;
    },
    /** From now on the group has these targets, and no other. */
    setTargets({ arn, states }: { arn: string; states: string[] }): void {
      const group = groups.get(arn);
      if (!group) throw new Error(`There is no target group ${arn}.`);
      group.targets = states.map((state, index) => ({
        id: `10.0.0.${index + 1}`,
        port: 3000,
        state,
        ...(state === "unhealthy" && {
          reason: "Target.ResponseCodeMismatch",
          description: "Health checks failed with these codes: [502]",
        }),
      }));
    },
  };
}
