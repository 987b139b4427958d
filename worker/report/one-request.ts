// What a report changes on GitHub goes there in one request: a GraphQL mutation, whose fields are done one after the other,
// and each comes to its own end.
import type { Octokit } from "../../shared/github.ts";

/** One change, by GraphQL's name for it, and what of its answer is wanted (`checkRun { id }`). */
export type Change = { name: string; input: object; gives: string };
/** Asks for changes. Each has its own answer, or the `Refused` of GitHub. */
export type Mutate = <const Changes extends readonly Change[]>(
  changes: Changes,
) => { -readonly [K in keyof Changes]: Promise<unknown> };
type Asked = Change & PromiseWithResolvers<unknown>;

/** What GitHub says of one change that it did not do. */
export class Refused extends Error {
  override name = "Refused";
  /** As GraphQL names it: `NOT_FOUND`, `FORBIDDEN`, … */
  type: string | undefined;

  constructor(message: string, type?: string) {
    super(message);
    this.type = type;
  }
}

/**
 * Runs the parts of a report at once. What they ask for is sent together, as soon as each of them either waits for an
 * answer or is over; what they ask for after that goes in another request.
 */
export function inOneRequest<const Parts extends readonly Part[]>(
  octokit: Octokit,
  parts: Parts,
): Promise<{ -readonly [K in keyof Parts]: PromiseSettledResult<Awaited<ReturnType<Parts[K]>>> }> {
  let busy = parts.length;
  let asked: Asked[][] = [];
  const rest = () => {
    busy -= 1;
    if (busy > 0 || asked.length === 0) return;
    const now = asked;
    [asked, busy] = [[], now.length];
    void send(octokit, now.flat());
  };
  const mutate: Mutate = (changes) => {
    const own = changes.map((change) => ({ ...change, ...Promise.withResolvers<unknown>() }));
    if (own.length > 0) {
      asked.push(own);
      rest();
    }
    return own.map(({ promise }) => promise) as never;
  };
  return Promise.allSettled(parts.map((part) => part(mutate).finally(rest))) as never;
}

type Part = (mutate: Mutate) => Promise<unknown>;

async function send(octokit: Octokit, asked: Asked[]): Promise<void> {
  try {
    const { data, errors } = await request(octokit, asked);
    for (const [index, one] of asked.entries()) {
      const given = data[`part${index}`];
      // One that names no field is of those that came to nothing.
      const error = errors.find(({ path }) => (path ? path[0] === `part${index}` : !given));
      if (error) one.reject(new Refused(`GitHub did not do ${one.name}: ${error.message}`, error.type));
      one.resolve(given);
    }
  } catch (error) {
    // Where GitHub has done nothing because of one of them, the others are asked for by themselves.
    if (error instanceof Refused && error.type !== "RATE_LIMITED" && asked.length > 1) {
      for (const one of asked) await send(octokit, [one]);
      return;
    }
    for (const one of asked) one.reject(error);
  }
}

type Answer = {
  data: Record<string, unknown>;
  errors: { message: string; type?: string; path?: (string | number)[] }[];
};

/** Throws a `Refused` when GitHub does none of it, and any other error when nobody knows. */
async function request(octokit: Octokit, asked: Asked[]): Promise<Answer> {
  const variables = asked.map(({ name }, index) => `$part${index}: ${inputOf(name)}!`);
  const fields = asked.map(
    ({ name, gives }, index) => `part${index}: ${name}(input: $part${index}) { ${gives} }`,
  );
  const inputs = Object.fromEntries(asked.map(({ input }, index) => [`part${index}`, input]));
  try {
    const data = await octokit.graphql<Answer["data"]>(
      `mutation (${variables.join(", ")}) {\n${fields.join("\n")}\n}`,
      inputs,
    );
    return { data, errors: [] };
  } catch (error) {
    const { data, errors } = answerIn(error);
    if (errors.length === 0) throw error;
    if (!data) throw new Refused(errors[0]?.message ?? "", errors[0]?.type);
    return { data, errors };
  }
}

function inputOf(mutation: string): string {
  return `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
}

/**
 * Octokit throws an answer with errors, also when they are not of all its fields; one that says "Something went wrong" it
 * throws as if the whole request had failed. What is no answer has no errors in it.
 */
function answerIn(error: unknown): { data?: Answer["data"] | null; errors: Answer["errors"] } {
  const { response } = Object(error) as { response?: { data?: unknown; errors?: unknown } };
  const answer = response && "errors" in response ? response : Object(response?.data);
  return Array.isArray(answer.errors) ? answer : { errors: [] };
}
