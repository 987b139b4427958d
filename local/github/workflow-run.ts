/** A run of GitHub Actions. Nothing runs here: whoever started this GitHub says how it went. */
export interface WorkflowRun {
  id: number;
  name: string;
  /** Who set it off; whoever made the head commit unless somebody is named. */
  actor?: string | undefined;
  headSha: string;
  headBranch: string;
  attempt: number;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  createdAt: string;
  jobs: Job[];
}

export interface Job {
  id: number;
  name: string;
  attempt: number;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  log: string;
}
