// Two models as one: the second answers when the first can't. It takes over between two turns, in the middle of a
// conversation, as every model reads what another one said (turns.ts).
import type { Logger } from "../../shared/logger.ts";
import type { AssistantMessage, Model, ModelRequest } from "./model.ts";
import { type FaultKind, ModelFault } from "./model-fault.ts";

/** What another provider may not suffer from. */
const elsewhere: FaultKind[] = ["overloaded", "rate-limited", "spend-limit", "credentials"];
const passing: FaultKind[] = ["overloaded", "rate-limited"];

/** How long the second stays at it, in seconds: its cache is filled once, and the first is left in peace. */
const stay = 600;

type Deps = {
  log: Logger;
  /** Milliseconds, for a test. */
  now?: () => number;
};

/**
 * The first model, with the second for what it can't do. After a fault the second is asked first for ten minutes, or for
 * as long as the first asked to wait; then the first again. When neither can, the fault is the one that passes sooner.
 */
export function createFailover([first, second]: [Model, Model], { log, now = Date.now }: Deps): Model {
  let secondUntil = 0;

  async function answer(request: ModelRequest): Promise<AssistantMessage> {
    const isAway = now() < secondUntil;
    const [preferred, other] = isAway ? [second, first] : [first, second];
    try {
      return await preferred.reply(request);
    } catch (fault) {
      if (!(fault instanceof ModelFault) || !elsewhere.includes(fault.kind)) throw fault;
      const { kind, retryAfterSeconds } = fault;
      log.warn(
        { from: nameOf(preferred), to: nameOf(other), kind, detail: fault.message },
        "model failed over",
      );
      const reply = await other.reply(request).catch((error: unknown) => {
        throw bothFailed(fault, error);
      });
      // It has shown that it can answer: the one that failed has its time off.
      secondUntil = other === second ? now() + 1000 * Math.max(stay, retryAfterSeconds ?? 0) : 0;
      return reply;
    }
  }
  return {
    provider: first.provider,
    name: first.name,
    // A conversation has to fit into both.
    contextTokens: Math.min(first.contextTokens, second.contextTokens),
    maxOutputTokens: Math.max(first.maxOutputTokens, second.maxOutputTokens),
    costOf: (usage) => Math.max(first.costOf(usage), second.costOf(usage)),
    reply: answer,
  };
}

function bothFailed(fault: ModelFault, error: unknown): unknown {
  if (!(error instanceof ModelFault) || !elsewhere.includes(error.kind)) return error;
  const faults = [fault, error];
  const sooner =
    faults.filter(({ kind }) => passing.includes(kind)).sort((a, b) => wait(a) - wait(b))[0] ?? fault;
  return new ModelFault(faults.map(({ message }) => message).join(" "), sooner);
}

function wait({ retryAfterSeconds }: ModelFault): number {
  return retryAfterSeconds ?? 0;
}

function nameOf({ provider, name }: Model): string {
  return `${provider}:${name}`;
}
