// What whoever started this GitHub sees of it and sets: its requests, the faults it plays, its limits.

export interface RequestRecord {
  method: string;
  path: string;
  status: number;
  actor: string;
  contentCreating: boolean;
}

export interface Fault {
  method?: string | undefined;
  path: string;
  times: number;
  status?: number | undefined;
  delayMs?: number | undefined;
  afterWrite: boolean;
  retryAfter?: number | undefined;
  message?: string | undefined;
  /** Of a request to GraphQL: the field that fails, beside others that do not. */
  field?: string | undefined;
  type?: string | undefined;
}

export interface Limits {
  requestsPerHour: number;
  contentPerMinute: number | null;
}
