// Loaded into a worker before anything else: at a signal that means nothing to it, it collects its garbage and tells
// on standard error what it uses.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  process.on("SIGWINCH", () => {
    // The second time takes what the first one's finalizers have freed.
    collect();
    setTimeout(() => {
      collect();
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const usage = { message: "usage", rss, heapUsed, cpuMs: (user + system) / 1000 };
      process.stderr.write(`${JSON.stringify(usage)}\n`);
    }, 500);
  });
}
