export type DetectedCommands = { setup: string[]; verify: string[] };

export type RepositoryFiles = {
  /** Every file's path, relative to the root. */
  paths: string[];
  /** The text of a file that is in `paths`. */
  read(path: string): Promise<string>;
};
