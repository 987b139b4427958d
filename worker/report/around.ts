import type { Octokit } from "../../shared/github.ts";
import type { Nodes } from "./nodes.ts";

/** What there is around an execution that its report needs. */
export type Around = {
  /** To look for something. What is changed goes in one request. */
  octokit: Octokit;
  nodes: Nodes;
  /** The App's numeric id: what it made on GitHub carries it. */
  appId: number;
  publicUrl?: string | undefined;
  serverUrl: string;
  /** Is called before something is made on GitHub: when its making is not written down, a later report looks for it. */
  intend(): Promise<void>;
};
