// What the control API takes. The client's types come from here too.
import { z } from "zod";
import { roles } from "../hub.ts";

const name = z.string().regex(/^[\w.-]+$/, "letters, digits, dot, dash and underscore only");

export const newUser = z.object({ login: name, type: z.enum(["User", "Organization"]).default("User") });

export const newApp = z.object({
  name: z.string().min(1),
  /** Empty: the App gets no webhooks until it has an address. */
  webhookUrl: z.string().default(""),
  webhookSecret: z.string().default(""),
  permissions: z.record(z.string(), z.enum(["read", "write", "admin"])).default({}),
  events: z.array(z.string()).default([]),
  /** Whether GitHub lets people assign its bot, as it does for agents of its partners. */
  isAssignable: z.boolean().default(false),
});

export const appUpdate = z.object({ webhookUrl: z.string() });

export const newRepository = z.object({
  owner: name,
  name,
  /** A local git repository, which is only read. */
  from: z.string().optional(),
  /** `owner/name`: the repository that it is a fork of, with whose commits it begins unless `from` has others. */
  forkOf: z.string().optional(),
  private: z.boolean().default(true),
});

export const collaborator = z.object({ role_name: z.enum(roles) });

export const teamMember = z.object({ state: z.enum(["active", "pending"]).default("active") });

const selection = z.union([z.literal("all"), z.array(z.string())]);

export const newInstallation = z.object({
  appId: z.number().int(),
  owner: name,
  repositories: selection.default("all"),
});

export const installationUpdate = z.object({ repositories: selection });

/** What the App asks for from now on, and the owner has just agreed with. */
export const acceptedPermissions = z.object({
  permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
});

export const suspension = z.object({ suspended: z.boolean() });

/** What the owner of a repository changes of it: one thing at a time. */
export const repositoryUpdate = z.strictObject({
  name: name.optional(),
  /** Gives it to another account. */
  owner: name.optional(),
  archived: z.boolean().optional(),
  private: z.boolean().optional(),
});

export const newLogin = z.object({ login: name });

export const click = z.object({
  login: z.string(),
  /** `rerequest` (this run), `rerequest-all` (its suite), or the identifier of one of the run's buttons. */
  action: z.string(),
});

const runStatus = z.enum(["queued", "in_progress", "completed"]);

export const newWorkflowRun = z.object({
  name: z.string().default("CI"),
  /** The login of who set it off. */
  actor: z.string().optional(),
  branch: z.string(),
  status: runStatus.default("completed"),
  conclusion: z.string().nullable().default("success"),
  createdAt: z.iso.datetime().optional(),
  jobs: z
    .array(
      z.object({
        name: z.string(),
        status: runStatus.default("completed"),
        conclusion: z.string().nullable().default("success"),
        log: z.string().default(""),
      }),
    )
    .default([]),
});

/** How a run that was started again has ended: its queued jobs by their names. */
export const endedRun = z.object({
  jobs: z.record(z.string(), z.object({ conclusion: z.string(), log: z.string().default("") })),
});

export const newFault = z.object({
  method: z.string().optional(),
  /** A glob on the path as GitHub documents it (`/repos/**`), or a regular expression that begins with ^. */
  path: z.string().min(1),
  times: z.number().int().positive().default(1),
  /** Without a status (and without only a delay) the connection breaks. */
  status: z.number().int().min(400).max(599).optional(),
  delayMs: z.number().int().nonnegative().optional(),
  /** Do the work first, then fail. */
  afterWrite: z.boolean().default(false),
  retryAfter: z.number().int().optional(),
  /** What the answer says, in place of GitHub's usual words for the status. */
  message: z.string().optional(),
  /** Of `/graphql`: the mutation that fails. Whatever else the request asks for is done. */
  field: z.string().optional(),
  /** The kind of error that GraphQL then names, such as `FORBIDDEN`. */
  type: z.string().optional(),
});

export const limitUpdate = z.object({
  requestsPerHour: z.number().int().positive().optional(),
  contentPerMinute: z.number().int().positive().nullable().optional(),
});
