import { redeliver } from "../../app/redeliver.ts";
import { command } from "../command.ts";
import { patientQueues } from "../patient-queues.ts";
import { typed } from "../wording.ts";

export const redeliverDelivery = command({
  usage: "deliveries redeliver <id>",
  summary: "Have a webhook handled again: a stored one, or one that GitHub has to send once more.",
  details:
    "One that is not stored is asked for at GitHub, which keeps what it sent for three days. That takes the App's settings (APP_ID and its key), as `npm start` has them.",
  async run({ args: [id = ""], deps, out }) {
    const db = await deps.db();
    const queues = patientQueues(await deps.queues(), out);
    const from = await redeliver(id, { db, queues, github: await deps.github() });
    const what = from === "stored" ? "is handled again" : "is not stored here, and GitHub sends it again";
    out.say({
      json: { delivery: id, from },
      text: `${id} ${what}. \`${typed} deliveries list\` shows how it ends.`,
    });
    return 0;
  },
});
