// A small GitHub for tests of cloning: git over HTTP behind a token, and the route that revokes the token.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Text, or what a symbolic link points to, or a text that may be executed. */
export type FileToCommit = string | { link: string } | { executable: string };

export type GitHttpServer = {
  url: string;
  /** Tokens that open the repositories. A revoked one is taken out. */
  tokens: Set<string>;
  /** The status that the revocation answers with. */
  revocation: { status: number };
  /** A status other than 0 is the answer to every request of git's. */
  outage: { status: number };
  /** Every request's method and path. */
  requests: string[];
  /** The bytes of what git sent and was sent so far. */
  traffic: { bytes: number };
  /** Makes a repository with one commit on `main`, and gives the commit's SHA. */
  addRepository(fullName: string, files: Record<string, FileToCommit>): string;
  git(fullName: string, ...args: string[]): string;
  /** Git with something on its standard input. */
  feed(fullName: string, input: string, ...args: string[]): string;
  close(): Promise<void>;
};

export async function startGitHttpServer(): Promise<GitHttpServer> {
  const root = mkdtempSync(join(tmpdir(), "afu9-git-server-"));
  const tokens = new Set<string>();
  const revocation = { status: 204 };
  const requests: string[] = [];
  const outage = { status: 0 };
  const traffic = { bytes: 0 };

  function handle(request: IncomingMessage, response: ServerResponse): void {
    requests.push(`${request.method} ${request.url}`);
    const authorization = request.headers.authorization ?? "";
    const bearer = authorization.match(/^Bearer (.+)$/)?.[1];
    const basic = Buffer.from(authorization.match(/^Basic (.+)$/)?.[1] ?? "", "base64")
      .toString()
      .split(":")[1];
    const token = bearer ?? basic ?? "";
    if (!tokens.has(token)) return void response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
    if (request.url === "/installation/token") {
      if (revocation.status === 204) tokens.delete(token);
      response.writeHead(revocation.status).end();
    } else if (outage.status) response.writeHead(outage.status).end();
    else serveGit(root, request, response, traffic);
  }

  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  const run = (directory: string, ...args: string[]) =>
    execFileSync("git", args, { cwd: directory, env: gitEnv, encoding: "utf8" });
  const bare = (fullName: string) => join(root, `${fullName}.git`);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    revocation,
    requests,
    outage,
    traffic,
    addRepository(fullName, files) {
      const work = mkdtempSync(join(tmpdir(), "afu9-git-work-"));
      run(work, "init", "--quiet", "--initial-branch=main");
      for (const [path, file] of Object.entries(files)) write(join(work, path), file);
      run(work, "add", "--all", "--force");
      run(work, "commit", "--quiet", "--allow-empty", "--message=First");
      mkdirSync(dirname(bare(fullName)), { recursive: true });
      run(work, "clone", "--quiet", "--bare", work, bare(fullName));
      rmSync(work, { recursive: true });
      return run(bare(fullName), "rev-parse", "main").trim();
    },
    git: (fullName, ...args) => run(bare(fullName), ...args).trim(),
    feed: (fullName, input, ...args) =>
      execFileSync("git", args, { cwd: bare(fullName), env: gitEnv, encoding: "utf8", input }).trim(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      rmSync(root, { recursive: true });
    },
  };
}

const gitEnv = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  ...{ GIT_AUTHOR_NAME: "AFU-9 test", GIT_AUTHOR_EMAIL: "test@example.com" },
  ...{ GIT_COMMITTER_NAME: "AFU-9 test", GIT_COMMITTER_EMAIL: "test@example.com" },
};

function write(path: string, file: FileToCommit): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof file === "string") writeFileSync(path, file);
  else if ("link" in file) symlinkSync(file.link, path);
  else writeFileSync(path, file.executable, { mode: 0o755 });
}

/** CGI, as git's own `http-backend` speaks it. */
function serveGit(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  traffic: GitHttpServer["traffic"],
): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...gitEnv,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      // As GitHub has it.
      ...{ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "uploadpack.allowFilter", GIT_CONFIG_VALUE_0: "true" },
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      HTTP_GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  const count = (chunk: Buffer) => {
    traffic.bytes += chunk.length;
  };
  request.on("data", count).pipe(child.stdin);
  child.stdin.on("error", () => {});
  const chunks: Buffer[] = [];
  child.stdout.on("data", count).on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const headers = output
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(": "));
    for (const [name = "", value = ""] of headers) if (name !== "Status") response.setHeader(name, value);
    const status = headers.find(([name]) => name === "Status")?.[1] ?? "200";
    response.writeHead(Number.parseInt(status, 10)).end(output.subarray(end + 4));
  });
}
