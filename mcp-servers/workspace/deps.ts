import type { OutputLimits } from "./kept-output.ts";
import type { MirrorSettings } from "./mirror.ts";
import type { Sandbox } from "./sandbox.ts";

export type WorkspaceDeps = {
  /** The directory that holds one directory for each execution. */
  root: string;
  mirrors: MirrorSettings;
  sandbox: Sandbox;
  /** Whether the operator lets commands other than setup use the network, where a repository asks for it. */
  isNetworkAllowed: boolean;
  /** How many files or lines are looked at when some are listed or searched. */
  maxFound: number;
  outputLimits: OutputLimits;
  /** Addresses without a slash at the end. */
  github: { apiUrl: string; serverUrl: string };
  /** Does the larger work on one thing (an execution, a mirror) one after the other. */
  inTurn<T>(key: string, work: () => Promise<T>): Promise<T>;
};
