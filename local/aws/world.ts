// Everything that the local AWS knows. Each service keeps its own part.
import type { CloudWatchState } from "./cloudwatch/state.ts";
import { createEcs, type EcsState } from "./ecs/state.ts";
import type { ElbState } from "./elb/state.ts";
import type { LogsState } from "./logs/state.ts";

export type World = {
  account: string;
  region: string;
  keys: Map<string, AccessKey>;
  /** Requests that match one of these fail as told, until its `times` are used up. */
  faults: RequestFault[];
  requests: RequestRecord[];
  clock: Clock;
  logs: LogsState;
  cloudwatch: CloudWatchState;
  elb: ElbState;
  ecs: EcsState;
  /** Texts by the secrets' names; null until one is put. */
  secrets: Map<string, string | null>;
};

export type AccessKey = { secretAccessKey: string; arn: string; userId: string };

export type RequestFault = {
  service: string;
  operation: string;
  code: string;
  message: string;
  status: number;
  times: number;
  /** The work is done, and its answer is an error all the same. */
  afterWork: boolean;
};

export type RequestRecord = {
  service: string;
  operation: string;
  status: number;
  /** The fault that it was answered with. */
  fault?: string;
};

export type Clock = { now(): Date; advance(seconds: number): void };

/** The key that a world begins with: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` of whoever calls. */
export const localKey = { accessKeyId: "AKIALOCALAFU90000000", secretAccessKey: "local-secret-of-no-worth" };

export function createWorld(): World {
  const account = "123456789012";
  const arn = `arn:aws:sts::${account}:assumed-role/afu9-local/session`;
  return {
    account,
    region: "eu-central-1",
    keys: new Map([
      [localKey.accessKeyId, { secretAccessKey: localKey.secretAccessKey, arn, userId: "AROALOCAL:session" }],
    ]),
    faults: [],
    requests: [],
    clock: createClock(),
    logs: new Map(),
    cloudwatch: { metrics: [], alarms: new Map() },
    elb: new Map(),
    ecs: createEcs(),
    secrets: new Map(),
  };
}

/** The machine's time, and what was added to it: nobody waits for an hour to pass. */
function createClock(): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance(seconds) {
      ahead += seconds * 1000;
    },
  };
}
