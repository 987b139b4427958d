// An execution as a report sees it.
import type { Snapshot } from "../snapshot.ts";

export const id = "0b3f7f0e-0000-4000-8000-000000000001";

/** An execution at work on an issue, as far as it is not said otherwise. */
export function snapshot(changed: Partial<Snapshot> = {}): Snapshot {
  return {
    id,
    revision: 3,
    fence: 1n,
    status: "running",
    error: null,
    isReachable: true,
    trigger: {
      kind: "label",
      delivery: "d",
      installation: 1,
      sender: { id: 1, login: "pat" },
      repository: { id: 1, owner: "acme", name: "sample", defaultBranch: "main" },
      issue: { number: 3, title: "A bug" },
      instructions: "",
    },
    slot: "change",
    config: null,
    configNotice: null,
    commentId: null,
    commentKey: null,
    checkRunId: null,
    checkRunSha: null,
    checkRunKey: null,
    isAnnotated: false,
    stateLabel: null,
    isReporting: false,
    findings: [],
    requestsChanges: false,
    steps: [
      {
        id: "issue",
        name: "Read the issue",
        status: "succeeded",
        durationMs: 1_234,
        error: null,
        attempt: 1,
        retryAt: null,
      },
      {
        id: "plan",
        name: "Plan the change",
        status: "running",
        durationMs: null,
        error: null,
        attempt: 1,
        retryAt: null,
      },
      {
        id: "close",
        name: "Remove the checkout",
        status: "pending",
        durationMs: null,
        error: null,
        attempt: 1,
        retryAt: null,
      },
    ],
    wish: null,
    unsaid: 0,
    refusals: [],
    turns: 2,
    tokens: 12_345,
    costUsd: 0.5,
    accounts: [],
    createdAt: new Date(0),
    startedAt: new Date(0),
    finishedAt: null,
    ...changed,
  };
}
