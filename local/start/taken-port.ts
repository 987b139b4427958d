import { once } from "node:events";
import { createServer } from "node:net";

export type Address = { host: string; port: number; variable: string; what: string };

/** Throws when another program listens at one of the addresses, and names the variable that says where else to. */
export async function checkPorts(addresses: Address[]): Promise<void> {
  for (const address of addresses) {
    const fault = await faultAt(address);
    if (fault) throw new Error(describe(address, fault));
  }
}

async function faultAt({ host, port }: Address): Promise<string | undefined> {
  const server = createServer().listen(port, host);
  try {
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

function describe({ host, port, variable, what }: Address, fault: string): string {
  if (fault === "EADDRINUSE") {
    return `The port ${port}, where ${what} listens, is taken by another program. End it, or set ${variable} to use another port.`;
  }
  return `${what} can't listen at ${host}:${port} (${fault}). Set ${variable} to use another address.`;
}
