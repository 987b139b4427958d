// The command line that makes bubblewrap build the room in which a repository's commands run: nothing in it but
// the system's programs, read-only, the checkout and a home of its own.
import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { rgPath } from "@vscode/ripgrep";

/** Where the checkout is inside the sandbox. */
export const insideCheckout = "/workspace";
/** Where the git directory is inside, read-only. The checkout's `.git` file says `gitdir: ../git`. */
const insideGit = "/git";
export const insideHome = "/tmp/home";
const insideNode = "/afu9/bin/node";
export const insideRipgrep = "/afu9/bin/rg";
/** Both are memory, which is on no process's account. */
const temporaryBytes = { "/tmp": 2 ** 31, "/dev/shm": 2 ** 29 };

/** Runs in the sandbox, and is no module of this process. */
const relay = join(import.meta.dirname, "relay-to-proxy.ts");
const insideProxy = { relay: "/afu9/relay-to-proxy.mts", socket: "/afu9/proxy", port: "3128" };

export type Network = "none" | "open" | { socket: string };

export type Room = {
  checkout: string;
  /** Kept from one command to the next, so that what setup put there is still found. */
  home: string;
  gitDirectory: string;
  /** A path is the socket that leads to the proxy: then there is no other network. */
  network: Network;
  /** Directories with programs, bound read-only; the `bin` of each is on the PATH. */
  toolchains: string[];
  env: Record<string, string>;
};

export function bubblewrap(room: Room, command: string[]): string[] {
  const { network } = room;
  const proxied = typeof network === "object";
  const env = { ...room.env, ...(proxied && proxyVariables(insideProxyUrl)), PATH: insidePath(room) };
  return [
    ...["bwrap", "--unshare-all", ...(network === "open" ? ["--share-net"] : [])],
    ...["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "workspace"],
    ...["--clearenv", ...Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value])],
    ...systemDirectories.flatMap(bindSystemDirectory),
    ...[...etcAlways, ...(network === "none" ? [] : etcForNetwork)].flatMap(readOnlyIfThere),
    ...(network === "none" ? [] : registrySettings().flatMap(readOnly)),
    ...(proxied ? ["--ro-bind", relay, insideProxy.relay, "--bind", network.socket, insideProxy.socket] : []),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...Object.entries(temporaryBytes).flatMap(([path, size]) => ["--size", `${size}`, "--tmpfs", path]),
    ...["--bind", room.home, insideHome],
    ...room.toolchains.flatMap(readOnly),
    ...["--ro-bind", process.execPath, insideNode, "--ro-bind", rgPath, insideRipgrep],
    ...["--bind", room.checkout, insideCheckout, "--ro-bind", room.gitDirectory, insideGit],
    ...["--remount-ro", "/", "--chdir", insideCheckout, "--", ...command],
  ];
}

const insideProxyUrl = `http://127.0.0.1:${insideProxy.port}`;

/** For the shell, before a command that has only the proxy: starts the relay, and waits until it listens. */
export const startRelay = [
  `${insideNode} ${insideProxy.relay} ${insideProxy.port} ${insideProxy.socket} > /tmp/.relay 2> /dev/null &`,
  "for i in {1..500}; do [ -s /tmp/.relay ] && break; sleep 0.02; done",
].join(" ");

/** Programs know the proxy by these. */
export function proxyVariables(url: string): Record<string, string> {
  const proxies = Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].map((name) => [name, url]),
  );
  const own = "localhost,127.0.0.1,::1";
  return { ...proxies, NO_PROXY: own, no_proxy: own, NODE_USE_ENV_PROXY: "1" };
}

const systemDirectories = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt"];

const etcAlways = [
  "passwd group ld.so.cache ld.so.conf ld.so.conf.d alternatives localtime mime.types os-release",
  "java-8-openjdk java-11-openjdk java-17-openjdk java-21-openjdk java-25-openjdk",
  "python3 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14",
].flatMap((line) => line.split(" ").map((name) => `/etc/${name}`));

const etcForNetwork = [
  "/etc/resolv.conf",
  "/etc/hosts",
  "/etc/nsswitch.conf",
  "/etc/ssl",
  "/etc/ca-certificates",
  "/etc/pki",
  "/etc/services",
  "/etc/protocols",
];

/** On most systems `/bin` is a symbolic link into `/usr`, and has to be one inside as well. */
function bindSystemDirectory(path: string): string[] {
  if (!existsSync(path)) return [];
  if (lstatSync(path).isSymbolicLink()) return ["--symlink", readlinkSync(path), path];
  return readOnly(path);
}

function readOnly(path: string): string[] {
  return ["--ro-bind", path, path];
}

function readOnlyIfThere(path: string): string[] {
  return ["--ro-bind-try", path, path];
}

/** The machine's own settings say which registry it uses. A file that holds a credential stays outside. */
function registrySettings(): string[] {
  const candidates = ["/etc/npmrc", "/etc/pip.conf"];
  const credential = /_auth|_password|:\/\/[^/\s]+@/i;
  return candidates.filter((path) => existsSync(path) && !credential.test(readFileSync(path, "utf8")));
}

function insidePath({ toolchains }: Room): string {
  return [
    ...toolchains.map((directory) => join(directory, "bin")),
    `${insideCheckout}/.venv/bin`,
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    // Last: the repository's own choice of Node comes first, but there is always one.
    dirname(insideNode),
  ].join(":");
}
