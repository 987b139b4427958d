// Loaded before a supervised process (`--import`): it ends when its supervisor is gone, even by SIGKILL. The supervisor
// holds the other end of its standard input and never writes to it.
import { isMainThread } from "node:worker_threads";

const graceMs = 10_000;

if (isMainThread) {
  process.stdin.on("end", leave).on("error", leave).resume();
  // Listening must not keep a process alive that has nothing else to do.
  if ("unref" in process.stdin) process.stdin.unref();
}

function leave(): void {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMs).unref();
  process.kill(process.pid, "SIGTERM");
}
