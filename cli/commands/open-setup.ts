import { openSetup as open } from "../../shared/open-setup.ts";
import { command } from "../command.ts";

export const openSetup = command({
  usage: "setup open",
  summary: "Open the page of the set-up again, and print its link.",
  details:
    "The link can be opened once, in one browser. The page shows what is missing; without a GitHub App, it makes one. It closes after a day, or when nothing is missing. An earlier link no longer counts.",
  async run({ deps, out }) {
    const token = await open(await deps.db());
    const { PUBLIC_URL, HOST, PORT } = process.env;
    const host = !HOST || HOST === "0.0.0.0" ? "127.0.0.1" : HOST;
    const address = PUBLIC_URL?.replace(/\/+$/, "") || `http://${host}:${PORT || 3000}`;
    const link = `${address}/setup?token=${token}`;
    out.say({ json: { link }, text: link });
    return 0;
  },
});
