// The kinds of step, as they stand in a definition.
import { z } from "zod";
import { roles } from "./role.ts";

/** The full name of a tool. What models take for a name, third parties' tools may have too: `search_code`. */
export const toolName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-zA-Z][a-zA-Z0-9_-]*$/, "expected `server.tool`");
const stepId = z.string().regex(/^[a-z][a-zA-Z0-9-]*$/, "expected a name of letters, digits and hyphens");
const days = z.number().positive().max(90);

/** The kinds of error that a step may be tried again for. */
export const retryReasons = ["passing", "tool-failure", "timeout"] as const;
export type RetryReason = (typeof retryReasons)[number];

const Retry = z.strictObject({
  attempts: z.number().int().min(1).max(20).default(8).describe("How often the step is tried in all"),
  "backoff-seconds": z
    .number()
    .positive()
    .max(3600)
    .default(2)
    .describe("The wait before the second attempt; each further wait is twice as long, an hour at most"),
  on: z
    .array(z.enum(retryReasons))
    .min(1)
    .default(["passing"])
    .describe("`passing`: a server that is away or overloaded; `tool-failure`: the tool refused; `timeout`"),
});
export type Retry = z.infer<typeof Retry>;

const common = {
  id: stepId.describe("What expressions call the step: `steps.<id>.outputs`"),
  name: z.string().optional().describe("What people read in reports"),
  if: z
    .union([z.string(), z.boolean().transform(String)])
    .optional()
    .describe("Runs the step only when this holds; without a status function, only while no step has failed"),
  "timeout-minutes": z.number().positive().max(360).default(60).describe("The step fails after this time"),
  "continue-on-error": z
    .boolean()
    .default(false)
    .describe("Whether the execution goes on as if the step had succeeded"),
  retry: Retry.prefault({}).describe("When and how often the step is tried again by itself"),
  "repeat-on-retry": z
    .boolean()
    .default(false)
    .describe("Runs the step again, too, when a person retries a later one: what it made does not last"),
};
const inputs = z.record(z.string(), z.unknown()).default({}).describe("The step's inputs, with expressions");

/** Calls one tool of an MCP server. */
const ToolStep = z.strictObject({ ...common, with: inputs, tool: toolName });

/**
 * Runs an agent. With `until`, that tool must answer `passed: true`. Otherwise its answer goes back to the agent, which
 * tries again, at most `rounds` times.
 */
const AgentStep = z.strictObject({
  ...common,
  with: inputs,
  agent: z.string(),
  until: toolName.optional(),
  rounds: z.number().int().min(1).max(10).default(3),
});

/** Who may approve. */
export const ApprovalRules = z.strictObject({
  role: z.enum(roles).default("maintain").describe("The least role in the repository"),
  team: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, "expected `organisation/team`")
    .optional()
    .describe("Only members of this team"),
  "not-requester": z
    .boolean()
    .default(false)
    .describe("Whether the person who started the execution may not approve it"),
});
export type ApprovalRules = z.infer<typeof ApprovalRules>;

const roleOrExpression = z.union([z.enum(roles), z.string().regex(/^\$\{\{[\s\S]*\}\}$/, { abort: true })], {
  error: `Invalid option: expected one of ${roles.join(", ")}, or an expression in \`\${{ }}\``,
});

/** Waits for a person who agrees with just this content. Any change of it makes the agreement void. */
const ApproveStep = z.strictObject({
  ...common,
  approve: z.strictObject({
    what: z.unknown().describe("What is approved: a plan, a diff, a task definition"),
    base: z.string().optional().describe("The commit that it is about"),
    environment: z.string().optional().describe("Where it will take effect"),
    by: ApprovalRules.extend({
      role: roleOrExpression.default("maintain").describe("The least role in the repository"),
    }).prefault({}),
    "remind-after-days": days.default(2),
    "expires-after-days": days
      .default(14)
      .describe("After this time the step fails: nothing approves itself"),
  }),
});

/** Waits for an event about the repository, or for a time, without holding a worker. */
const WaitStep = z.strictObject({
  ...common,
  wait: z.union([
    z.strictObject({
      event: z
        .string()
        .regex(/^[a-z_]+(\.[a-z_]+)?$/, "expected a webhook's event, such as `pull_request.closed`")
        .describe("A webhook's event, with its action where it has one"),
      match: z
        .record(z.string(), z.unknown())
        .default({})
        .describe("Paths in the payload, each with its value: `pull_request.number: 7`"),
      "expires-after-days": days.default(7).describe("After this time the step fails"),
    }),
    z.strictObject({
      minutes: z
        .union([
          z
            .number()
            .positive()
            .max(90 * 24 * 60),
          z.string(),
        ])
        .describe("How long to wait, 90 days at most"),
    }),
    z.strictObject({ until: z.string().describe("A time, such as 2027-01-31T09:00:00Z, within 90 days") }),
  ]),
});

/** Each kind of step by the key that makes it one. */
export const stepKinds = { tool: ToolStep, agent: AgentStep, approve: ApproveStep, wait: WaitStep };

export const Step = z.union([ToolStep, AgentStep, ApproveStep, WaitStep]);
export type Step = z.infer<typeof Step>;
export type ToolStep = z.infer<typeof ToolStep>;
export type AgentStep = z.infer<typeof AgentStep>;
export type ApproveStep = z.infer<typeof ApproveStep>;
export type WaitStep = z.infer<typeof WaitStep>;
