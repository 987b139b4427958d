// Runs in the sandbox, beside a command that may use the proxy and no other network: takes connections at an address of
// the sandbox's own, and hands each to the socket that leads out to the proxy. Says so when it listens.
// Arguments: the port to listen at, and the path of the socket.
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";

const [port, socket = ""] = process.argv.slice(2);

const server = createServer({ allowHalfOpen: true }, (inner) => {
  const outer = connect({ path: socket, allowHalfOpen: true });
  // Whichever side fails, both are closed, and the client sees its connection end.
  pipeline(inner, outer, inner, () => {});
});
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
