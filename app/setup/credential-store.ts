/** Where the App's credentials are kept, and where `npm start` reads them. */
export type CredentialStore = {
  /** As people know it: a path, or a secret's name. */
  place: string;
  /** Why nothing could be kept there; undefined when it could. Asked before an App is made: GitHub hands its key out once. */
  fault(): Promise<string | undefined>;
  /** Keeps these variables and leaves all others as they are. */
  keep(variables: Record<string, string>): Promise<void>;
};
