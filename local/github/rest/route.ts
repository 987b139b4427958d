// What a route is, and what its handler is given.
import type { z } from "zod";
import type { Actor, Hub, Level, Repository, Role } from "../hub.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** `none`: anybody. `app`: the App's JWT. `installation` and `user`: that kind of token. Else a permission on the repository. */
export type Permission = "none" | "app" | "installation" | "user" | `${string}:${Level}`;

export interface Route {
  method: Method;
  /** As in GitHub's OpenAPI description, for instance `/repos/{owner}/{repo}/issues`. */
  path: string;
  /** With several, one of them is enough. */
  permission: Permission | Permission[];
  /** The role a person needs; by default `read` for reading and `write` for writing. */
  role?: Role;
  /** Counts towards the secondary limit, because it notifies people. */
  createsContent?: boolean;
  /** Public repositories do not open this to strangers. */
  alwaysNeedsToken?: boolean;
  handler: (request: ApiRequest) => Answer | Promise<Answer>;
}

export interface Answer {
  status?: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with a content type in the headers. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

export interface ApiRequest {
  hub: Hub;
  actor: Actor;
  method: string;
  /** The repository named in the path, which the actor may use as the route says. */
  repository: Repository;
  /** A part of the path, decoded. */
  param(name: string): string;
  /** A part of the path that is a number; anything else is a 404. */
  id(name: string): number;
  query(name: string): string | undefined;
  /** Whether the client asked for that media type: `raw`, `diff`, `patch`. */
  accepts(type: string): boolean;
  /** The JSON body, checked; a mismatch is a 422 in GitHub's shape that names the resource. */
  input<T>(schema: z.ZodType<T>, resource: string): T;
  /** The address of the request, for links to other pages. */
  url: URL;
}
