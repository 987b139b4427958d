import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { checkPorts } from "./taken-port.ts";

const app = { host: "127.0.0.1", port: 0, variable: "PORT", what: "the app" };

test("a free port is fine", async () => {
  await expect(checkPorts([app])).resolves.toBeUndefined();
});

test("a taken port is named with the variable that changes it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await expect(checkPorts([app, { ...app, port }])).rejects.toThrow(
    `The port ${port}, where the app listens, is taken by another program. End it, or set PORT to use another port.`,
  );
  other.close();
});

test("an address that this machine does not have is named", async () => {
  await expect(checkPorts([{ ...app, host: "192.0.2.1" }])).rejects.toThrow(
    "the app can't listen at 192.0.2.1",
  );
});
