// Which image a service shall run: only from its target's repository, and only by a name that always means the same image.
import { ToolFailure } from "../../shared/errors.ts";
import type { Target } from "../targets.ts";

const digest = /^sha256:[0-9a-f]{64}$/;
const immutableTags = [
  /^[0-9a-f]{7,40}$/, // a commit
  /^(git|sha|commit)-[0-9a-f]{7,40}$/,
  /^v?\d+\.\d+\.\d+([-._][0-9A-Za-z._-]+)?$/, // one release: 1.4.2, v1.4.2-build.7
];
/** A release's name does not move, unless one of these is in it: 1.4.2-latest. */
const moving =
  /(^|[-._])(latest|main|master|stable|prod|production|staging|dev|develop|edge|nightly|head|current|release)([-._]|$)/i;

/** The image as a task definition names it. Throws for a foreign repository, and for a tag that may move. */
export function imageFor(target: Target, { image, tag }: { image: string; tag: string }): string {
  if (image !== target.image) throw foreignImage(target, image);
  if (digest.test(tag)) return `${image}@${tag}`;
  if (immutableTags.some((form) => form.test(tag)) && !moving.test(tag)) return `${image}:${tag}`;
  throw new ToolFailure(
    `The tag ${JSON.stringify(tag)} may mean another image tomorrow. Give the image's digest (sha256:…), a commit's SHA ` +
      "(also as git-SHA), or a full version such as 1.4.2.",
  );
}

/** Whether an image, as a task definition names it, is from the target's repository. */
export function isFromTarget({ image: repository }: Target, image: string): boolean {
  return image.startsWith(`${repository}:`) || image.startsWith(`${repository}@`);
}

function foreignImage({ image: allowed, service }: Target, given: string): ToolFailure {
  const account = (image: string) => image.split(".")[0];
  const why =
    account(given) === account(allowed) ? "from another repository" : "from another account or registry";
  return new ToolFailure(
    `The image ${JSON.stringify(given)} is ${why} than the service ${service} may run. Call again with "image": "${allowed}".`,
  );
}
