import { command } from "../command.ts";
import { patientQueues } from "../patient-queues.ts";
import { redeliver } from "../redeliver.ts";
import { typed } from "../wording.ts";

export const redeliverDelivery = command({
  usage: "deliveries redeliver <id>",
  summary: "Have a stored webhook handled again.",
  async run({ args: [id = ""], deps, out }) {
    const db = await deps.db();
    await redeliver(id, { db, queues: patientQueues(await deps.queues(), out) });
    out.say({
      json: { delivery: id, status: "received" },
      text: `${id} is handled again. \`${typed} deliveries list\` shows how it ends.`,
    });
    return 0;
  },
});
