// What the three APIs have in common: each is one of these, and the server asks it how a request is read and an answer said.
import type { InputTokens, Piece } from "./prompt-cache.ts";
import type { FaultName } from "./script.ts";
import type { Answer } from "./spell-out.ts";

/** A request, as far as it matters which API it came by no more. */
export type Conversation = {
  model: string;
  isStreamed: boolean;
  /** What the agent is told before all. */
  system: string;
  /** The text that the conversation began with. */
  first: string;
  /** 1 for the first turn of the model in the conversation. */
  turn: number;
  /** The request in the order in which it is cached. */
  pieces: Piece[];
};

/** Why a request is refused: in the API's words, with the code and the key that it names where it does. */
export type Refused = { fault: string; code?: string; param?: string };
export type Checked = { conversation: Conversation; note: Note } | Refused;
/** What an API has to remember of a request until it answers. */
export type Note = { hidesUsage?: boolean; thinks?: boolean };

export type ErrorAnswer = { status: number; headers?: Record<string, string>; body: unknown };

/** What is said with an answer, besides the answer. `seed` is the same for the same place of the same script. */
export type Circumstances = { seed: string; model: string; input: InputTokens; note: Note };

export type Api = {
  /** Where it is asked, by POST. */
  path: string;
  /** How many blocks before a breakpoint are looked at for a prefix that is known already. */
  lookback: number;
  /** Checks who asks, by the headers. */
  refuseCaller(headers: Headers): ErrorAnswer | undefined;
  read(body: unknown): Checked;
  /** The whole answer, and the same as the frames of a stream. */
  say(answer: Answer, circumstances: Circumstances): { body: object; frames: string[] };
  error(kind: FaultName, more: ErrorDetails): ErrorAnswer;
};
export type ErrorDetails = { message?: string; code?: string; param?: string; retryAfter?: number };
