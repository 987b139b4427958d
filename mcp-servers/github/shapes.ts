// GitHub's shapes as our own: what the tools give back.
import { z } from "zod";

/** Who wrote something, null for an account that is gone. People are told apart by their id: a login can change hands. */
export const Person = z.object({ id: z.number(), login: z.string(), type: z.string() }).nullable();

type User = { id: number; login: string; type: string } | null | undefined;

export function personOf(user: User): z.infer<typeof Person> {
  return user ? { id: user.id, login: user.login, type: user.type } : null;
}

export function labelName(label: string | { name?: string | null }): string {
  return typeof label === "string" ? label : (label.name ?? "");
}

export const Pull = z.object({
  number: z.number(),
  title: z.string(),
  state: z.string(),
  draft: z.boolean(),
  url: z.string(),
  head: z.string().describe("The branch with the change"),
  headSha: z.string(),
  base: z.string().describe("The branch it shall go into"),
});

type GivenPull = {
  number: number;
  title: string;
  state: string;
  draft?: boolean;
  html_url: string;
  head: { ref: string; sha: string };
  base: { ref: string };
};

export function pullOf(pull: GivenPull): z.infer<typeof Pull> {
  return {
    number: pull.number,
    title: pull.title,
    state: pull.state,
    draft: pull.draft ?? false,
    url: pull.html_url,
    head: pull.head.ref,
    headSha: pull.head.sha,
    base: pull.base.ref,
  };
}

/** The same person as GraphQL has them, asked for as `author { __typename login ... on User { databaseId } … }`. */
export const NodePerson = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() })
  .nullable();

export function personOfNode(node: z.infer<typeof NodePerson>): z.infer<typeof Person> {
  if (!node) return null;
  const { __typename: type, login, databaseId } = node;
  // REST shows bots with brackets, and so do we.
  return { id: databaseId ?? 0, login: type === "Bot" ? `${login}[bot]` : login, type };
}
