// Who stands in a commit that the API makes.
import type { Signature } from "../git/commits.ts";
import { type Actor, now, type Repository } from "../hub.ts";
import { accountOf, emailOf } from "../lookups.ts";

export function signatureOf(actor: Actor): Signature {
  const account = accountOf(actor);
  return { name: account.login, email: emailOf(account), date: now() };
}

/** GitHub commits, and signs, what it makes on somebody's behalf. */
export function webFlow(): Signature {
  return { name: "GitHub", email: "noreply@github.com", date: now() };
}

/** Notes that GitHub vouches for the commit. */
export function sign(repository: Repository, sha: string): string {
  repository.signedCommits.add(sha);
  return sha;
}
