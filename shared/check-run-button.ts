// The buttons of a check run: the worker puts them there, the app obeys them.

export const buttonActions = ["approve", "reject", "resume", "cancel", "retry", "fix"] as const;
export type ButtonAction = (typeof buttonActions)[number];

/** What people type to name a content. GitHub takes 20 characters for an identifier. */
const hashLength = 8;

/** A button's identifier. One that decides names the content that it was put there for, by the hash's beginning. */
export function buttonId(action: ButtonAction, hash?: string): string {
  return hash === undefined ? action : `${action}:${hash.slice(0, hashLength)}`;
}

/** What a click wants. Gives undefined for what is no button of ours. */
export function buttonOf(identifier: string): { action: ButtonAction; hash?: string } | undefined {
  const [name, hash, ...more] = identifier.split(":");
  const action = buttonActions.find((one) => one === name);
  if (!action || more.length > 0) return undefined;
  return { action, ...(hash !== undefined && { hash }) };
}
