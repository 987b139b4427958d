/** How a run of GitHub Actions, or a job of it, ends that has failed. */
export const failures = ["failure", "timed_out", "startup_failure"];
