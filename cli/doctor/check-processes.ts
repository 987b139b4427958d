import { messageOf } from "../../shared/errors.ts";
import { readHeartbeats } from "../../shared/heartbeat.ts";
import { lookAtServers } from "../mcp/look-at-servers.ts";
import { type Answer, fault, open, type Patient, well } from "./finding.ts";

const patienceMs = 10_000;

/** What is at an address: AFU-9 itself, another program, or nothing. */
async function probe(url: string): Promise<{ isOurs: boolean; words: string }> {
  try {
    const response = await fetch(`${url}/api/health`, {
      signal: AbortSignal.timeout(patienceMs),
      redirect: "manual",
    });
    const text = await response.text();
    return { isOurs: response.ok && text.includes('"status":"ok"'), words: `HTTP ${response.status}` };
  } catch (error) {
    return { isOurs: false, words: messageOf(error) };
  }
}

/** From here; GitHub's own view is in `webhooks`. */
export async function checkPublicUrl({ env }: Patient): Promise<Answer> {
  const url = env.PUBLIC_URL?.replace(/\/+$/, "");
  if (!url) return open("PUBLIC_URL is not set: nothing that AFU-9 writes links to it");
  const { isOurs, words } = await probe(url);
  if (isOurs) return well(`${url} leads to AFU-9`);
  return fault(
    `${url}/api/health does not lead to AFU-9: ${words}`,
    "Start the app (npm start), and let the proxy or the tunnel behind that address pass on to its port.",
  );
}

export async function checkListening({ env }: Patient): Promise<Answer> {
  const host = !env.HOST || env.HOST === "0.0.0.0" ? "127.0.0.1" : env.HOST;
  const url = `http://${host}:${env.PORT || 3000}`;
  const { isOurs, words } = await probe(url);
  if (isOurs) return well(`it listens at ${url}`);
  if (words.startsWith("HTTP"))
    return fault(`another program answers at ${url}`, "End it, or set PORT to another port.");
  return fault(`nothing listens at ${url}`, "npm start");
}

export async function checkWorkers({ db }: Patient): Promise<Answer> {
  const workers = await readHeartbeats(await db(), "worker");
  if (workers.length > 0)
    return well(`${workers.length} at work: ${workers.map((one) => one.instance).join(", ")}`);
  return fault("none was heard of in the last 20 seconds", "npm start, or npm run start:worker");
}

/** Asked with a capability that the secret signs: a server that has another secret refuses it. */
export async function checkServers({ db, root }: Patient): Promise<Answer | Answer[]> {
  const servers = (await lookAtServers(await db(), root)).filter(({ enabled }) => enabled);
  if (servers.length === 0)
    return fault("no worker has registered any yet", "npm start, or npm run start:worker");
  return servers.map(({ name, endpoint, problem, tools }) => {
    if (!problem) return well(`${name} at ${endpoint}: ${tools.length} tools`);
    const isSecret = /\b401\b|unauthori/i.test(problem);
    const mend = isSecret
      ? "Give worker, servers and command line the same AFU9_MCP_SECRET."
      : `npm run start:mcp -- ${name}, or npm run afu9 -- mcp disable ${name}`;
    return fault(`${name} at ${endpoint}: ${problem}`, mend);
  });
}
