// A socket in the file system that leads to the operator's proxy, and nowhere else. It can be put into a sandbox that has
// no network: then the proxy is all that a command reaches, whatever address it asks for.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";

export type WayToProxy = { socket: string; close(): Promise<void> };

export async function openWayToProxy(proxy: URL): Promise<WayToProxy> {
  // Not in the workspace: the path of a socket may have 107 characters at most.
  const directory = await mkdtemp(join(tmpdir(), "afu9-proxy-"));
  const socket = join(directory, "socket");
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const host = proxy.hostname.replace(/^\[|\]$/g, "");
    const outer = connect({ host, port: Number(proxy.port || 80), allowHalfOpen: true });
    open.add(inner);
    // Whichever side fails, both are closed: the command sees that its connection ended.
    pipeline(inner, outer, inner, () => open.delete(inner));
  });
  server.listen(socket);
  await once(server, "listening");
  return {
    socket,
    async close() {
      server.close();
      for (const connection of open) connection.destroy();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
