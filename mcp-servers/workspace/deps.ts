import type { Sandbox } from "./sandbox.ts";

export type WorkspaceDeps = {
  /** The directory that holds one directory for each execution. */
  root: string;
  sandbox: Sandbox;
  /** Addresses without a slash at the end. */
  github: { apiUrl: string; serverUrl: string };
  /** Does an execution's larger work one after the other. */
  inTurn<T>(execution: string, work: () => Promise<T>): Promise<T>;
};
