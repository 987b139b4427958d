// One budget for all that AFU-9's processes ask of GitHub. Who writes or reads too much is locked out, and whoever goes on
// asking while locked out may lose the App: so what one process was told, the others know before they send.
import { setTimeout } from "node:timers/promises";
import { Busy, messageOf } from "./errors.ts";
import {
  type Answer,
  createsContent,
  isRefusal,
  type Request,
  resourceOf,
  secondary,
  type Wait,
  waitAskedBy,
} from "./github-limits.ts";
import type { Logger } from "./logger.ts";

/** What is known of each installation's limits; `createDatabaseLimits` shares it among processes. */
export type LimitStore = {
  /** When each resource may be used again, in milliseconds from now. What may be used is not named. */
  waits(installation: number): Promise<Map<string, number>>;
  remember(installation: number, wait: Wait): Promise<void>;
  /** Takes one piece of content from what may be created. Gives 0, or how many milliseconds to wait when there is none. */
  takeContent(installation: number): Promise<number>;
};

export type GitHubBudget = {
  /** Sends a request when the limits allow it. A short wait is waited out, a longer one is a `GitHubBusy`. */
  spend<T extends Answer>(spending: Spending, send: () => Promise<T>): Promise<T>;
};
export type Spending = { installation: number; request: Request; signal?: AbortSignal };

/** GitHub wants nothing for a while. It passes: the same may be tried again after that time. */
export class GitHubBusy extends Busy {
  override name = "GitHubBusy";

  constructor(resource: string, waitMs: number) {
    const waitSeconds = Math.ceil(waitMs / 1_000);
    super(
      `Nothing was sent to GitHub: its limit (${resource}) is reached for another ${waitSeconds} s. Try again after that.`,
      waitSeconds,
    );
  }
}

/** How long a request may wait in all. A tool call has 30 seconds. */
const patienceMs = 12_000;

export function createGitHubBudget(store: LimitStore, log: Logger): GitHubBudget {
  /** Waits until the request may be sent. Without an answer of the store nothing is sent. */
  async function admit({ installation, request, signal }: Spending, deadline: number): Promise<void> {
    while (true) {
      const [resource, waitMs] = await store
        .waits(installation)
        .then((waits) => longestOf(waits, resourceOf(request)))
        .then(async ([resource, waitMs]) => {
          if (waitMs > 0 || !createsContent(request)) return [resource, waitMs] as const;
          return ["content", await store.takeContent(installation)] as const;
        })
        .catch((error: unknown) => {
          throw new Error(
            `Nothing was sent to GitHub: its limits could not be looked up. ${messageOf(error)}`,
            { cause: error },
          );
        });
      if (waitMs === 0) return;
      if (Date.now() + waitMs > deadline) throw new GitHubBusy(resource, waitMs);
      await setTimeout(waitMs, undefined, { signal });
    }
  }

  /** What the answer says is kept; that it can't be is no reason to lose the answer. */
  async function learn(installation: number, answer: Answer): Promise<Wait | undefined> {
    const wait = waitAskedBy(answer);
    if (wait) {
      log.warn({ installation, ...wait }, "github limit reached");
      await store
        .remember(installation, wait)
        .catch((error) => log.error({ error: messageOf(error) }, "github limit not shared"));
    }
    return wait;
  }

  return {
    async spend(spending, send) {
      const deadline = Date.now() + patienceMs;
      while (true) {
        await admit(spending, deadline);
        const { answer, error } = await outcomeOf(send);
        const heard = answer ?? answerIn(error);
        const wait = heard && (await learn(spending.installation, heard));
        if (wait && heard && isRefusal(heard)) {
          // A refusal is certain: nothing was done, so that it may be sent once more.
          if (Date.now() + wait.seconds * 1_000 <= deadline) continue;
          throw new GitHubBusy(wait.resource, wait.seconds * 1_000);
        }
        if (answer) return answer;
        throw error;
      }
    },
  };
}

function longestOf(waits: Map<string, number>, resource: string): readonly [string, number] {
  const [ofResource = 0, ofAll = 0] = [waits.get(resource), waits.get(secondary)];
  return ofAll > ofResource ? [secondary, ofAll] : [resource, ofResource];
}

async function outcomeOf<T>(send: () => Promise<T>): Promise<{ answer?: T; error?: unknown }> {
  try {
    return { answer: await send() };
  } catch (error) {
    return { error };
  }
}

/** The answer inside an error of Octokit. */
function answerIn(error: unknown): Answer | undefined {
  const { status, response } = Object(error) as { status?: number; response?: Omit<Answer, "status"> };
  return status && response ? { status, headers: response.headers, data: response.data } : undefined;
}
