// One request through `git http-backend`, which is a CGI program.
import { spawn } from "node:child_process";
import { basename, dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Context } from "hono";
import type { Hub, Repository } from "../hub.ts";
import type { Environment } from "../rest/environment.ts";

interface Request {
  hub: Hub;
  repository: Repository;
  /** What follows the repository in the path: `info/refs` or a service. */
  path: string;
  /** A name for the user, which http-backend wants to see before it takes a push. */
  user: string;
}

export async function runHttpBackend(c: Context<Environment>, { hub, repository, path, user }: Request) {
  const header = (name: string) => c.req.header(name) ?? "";
  const child = spawn("git", ["http-backend"], {
    env: {
      ...hub.git.env,
      GIT_PROJECT_ROOT: dirname(repository.path),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${basename(repository.path)}/${path}`,
      REQUEST_METHOD: c.req.method,
      QUERY_STRING: new URL(c.req.url).search.slice(1),
      CONTENT_TYPE: header("content-type"),
      CONTENT_LENGTH: header("content-length"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      GIT_PROTOCOL: header("git-protocol"),
      ...(user ? { REMOTE_USER: user } : {}),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stderr.on("data", (chunk: Buffer) => hub.log.warn({ stderr: chunk.toString() }, "git http-backend"));
  c.env.outgoing.once("close", () => child.kill());
  child.on("error", (error) => hub.log.error({ err: error }, "git http-backend did not start"));
  // A client or a git that goes away early ends the pipe; the answer below says what came of it.
  pipeline(c.env.incoming, child.stdin).catch(() => {});
  return readCgi(child.stdout);
}

/** Reads the CGI headers and hands on the rest as it comes. */
async function readCgi(stdout: Readable): Promise<Response> {
  let head = Buffer.alloc(0);
  let end = -1;
  const chunks: AsyncIterableIterator<Buffer> = stdout[Symbol.asyncIterator]();
  while (end < 0) {
    const { value, done } = await chunks.next();
    if (done) return new Response("git http-backend gave no answer\n", { status: 500 });
    head = Buffer.concat([head, value]);
    end = head.indexOf("\r\n\r\n");
  }
  const headers = new Headers();
  for (const line of head.subarray(0, end).toString().split("\r\n")) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const status = Number.parseInt(headers.get("status") ?? "200", 10);
  headers.delete("status");
  const body = ReadableStream.from(startingWith(head.subarray(end + 4), chunks));
  return new Response(body, { status, headers });
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>) {
  if (first.length > 0) yield first;
  yield* rest;
}
