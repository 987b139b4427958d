// Everything that the checker looks at, as plain values.

export type WorldExecution = {
  id: string;
  issue: number;
  delivery: string;
  status: string;
  error: string | null;
  isFinished: boolean;
  /** Whether its last change was reported. */
  isReported: boolean;
};

export type World = {
  /** What GitHub sent and the app answered with a 2xx at least once. */
  accepted: { id: string; event: string }[];
  deliveries: { id: string; status: string; error: string | null }[];
  /** The issues on which an execution was asked for, once each. */
  issues: number[];
  executions: WorldExecution[];
  steps: { execution: string; step: string; status: string }[];
  /** A saved turn of a model: the `turn`th of the conversation, which is the hash of its first text. */
  turns: { execution: string; conversation: string; turn: number; savedAt: number }[];
  /** What the model was asked, by its own log. */
  asked: { conversation: string; turn: number; at: number }[];
  toolCalls: { execution: string; sequence: number; prevHash: string; hash: string }[];
  /** Writes by a worker that did not hold the lease, from the writers' book. */
  wrongs: { execution: string; what: string }[];
  github: {
    defaultBranch: string;
    /** Each with the number of commits that it has beyond the default branch. */
    branches: { name: string; commits: number }[];
    pulls: { number: number; head: string; body: string }[];
    comments: { issue: number; body: string }[];
    checkRuns: { externalId: string; status: string; conclusion: string | null }[];
  };
  /** Checkouts that are on disk. */
  workspaces: string[];
};
