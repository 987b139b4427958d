/** A run of GitHub Actions. Nothing runs here: whoever started this GitHub says how it went. */
export interface WorkflowRun {
  id: number;
  name: string;
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
