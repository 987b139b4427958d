// A process that begins a chore and never ends it. It says so on its standard output, and is to be killed then.
import { keepHouse } from "../shared/housekeeping.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues } from "../shared/queue.ts";

const [databaseUrl = "", redisUrl] = process.argv.slice(2);
const log = createLogger("test", "silent");
const queues = createQueues({ databaseUrl, redisUrl, log });
const chore = {
  name: "hang",
  everyMs: 300,
  does: "nothing, for ever",
  async work() {
    process.stdout.write("under way\n");
    await new Promise(() => {});
  },
};
keepHouse("app-chores", [chore], { queues, log });
