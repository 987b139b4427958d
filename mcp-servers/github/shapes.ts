// GitHub's shapes as our own.

type User = { id: number; login: string; type: string } | null | undefined;

/** Who wrote something. People are told apart by their numeric id: a login can change hands. */
export function personOf(user: User): { id: number; login: string; type: string } | null {
  return user ? { id: user.id, login: user.login, type: user.type } : null;
}

export function labelName(label: string | { name?: string | null }): string {
  return typeof label === "string" ? label : (label.name ?? "");
}

type Pull = {
  number: number;
  title: string;
  state: string;
  draft?: boolean;
  html_url: string;
  head: { ref: string; sha: string };
  base: { ref: string };
};

export function pullOf(pull: Pull) {
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
