// What a test or the demo does to the local AWS that has no place in AWS's own API. Each control takes one value that
// JSON can carry, so that it works in this process and over HTTP (`POST /_local/<service>/<control>`).
import { cloudwatchControls } from "./cloudwatch/state.ts";
import { ecsControls } from "./ecs/controls.ts";
import { elbControls } from "./elb/state.ts";
import { logsControls } from "./logs/state.ts";
import type { RequestFault, RequestRecord, World } from "./world.ts";

export function controlsOf(world: World) {
  return {
    world: worldControls(world),
    ecs: ecsControls(world),
    logs: logsControls(world.logs, world.clock.now),
    cloudwatch: cloudwatchControls(world.cloudwatch, world.clock.now),
    elb: elbControls(world.elb, world),
    secrets: {
      /** Makes a secret, without a text unless one is given. */
      add({ name, text = null }: { name: string; text?: string | null }): void {
        world.secrets.set(name, text);
      },
    },
  };
}

export type AwsControls = ReturnType<typeof controlsOf>;

type NewFault = Pick<RequestFault, "service" | "operation" | "code"> & Partial<RequestFault>;

function worldControls({ faults, requests, clock, keys }: World) {
  return {
    /** The next requests for this operation fail; one, unless `times` says more. */
    fail(fault: NewFault): void {
      faults.push({
        message: "This fails as it was told to.",
        status: 400,
        times: 1,
        afterWork: false,
        ...fault,
      });
    },
    /** What was told to fail does so no more. */
    heal(): void {
      faults.length = 0;
    },
    /** Everything that was asked since the last look. */
    takeRequests: (): RequestRecord[] => requests.splice(0),
    advance: ({ seconds }: { seconds: number }): void => clock.advance(seconds),
    /** From now on the key is unknown, as one that was deleted. */
    revokeKey: ({ accessKeyId }: { accessKeyId: string }): boolean => keys.delete(accessKeyId),
  };
}
