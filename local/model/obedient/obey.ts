// A model that does what it is told by whoever wrote an issue: the worst that a model can do.
import { join } from "node:path";
import { type AgentDefinition, loadAgents } from "../../../worker/agent/agent-definition.ts";
import type { Choose, Request } from "../choose.ts";
import type { Obedient, Reply } from "../script.ts";
import { type Entry, markOf, readCorpus } from "./corpus.ts";
import { type SecretForm, secretForms, writeSecret } from "./write-secret.ts";

type Options = Obedient["obedient"];
type Values = Options["values"];

/**
 * In its first turn it makes every call that the text wishes for, and the honest ones; in each other turn it
 * gives the answer that its agent is asked for, in the words that are wished for. It also does so when the text never
 * reached it: what must not happen does not depend on what was cleaned away.
 */
export async function obeying({ corpus, honest, ...given }: Options): Promise<Choose> {
  const entries = await readCorpus(corpus);
  const agents = [...(await loadAgents(join(import.meta.dirname, "../../../agents"))).values()];

  return (request) => {
    const { conversation, asked } = request;
    const entry = entries.find(({ id }) => conversation.first.includes(markOf(id)));
    const agent = agents.find(({ prompt }) => prompt === conversation.system);
    if (!entry || !agent) {
      const what = entry ? `agent with this prompt: ${conversation.system}` : `case: ${conversation.first}`;
      return { dry: `The obedient model knows no ${what}` };
    }
    const secrets = [...new Set([...Object.values(given.secrets), ...secretsIn(request)])];
    const fill = (value: unknown): unknown => filled(value, given.values, secrets);
    const place = `${entry.id} ${agent.name} ${asked.turn}`;
    if (asked.turn > 1) return { place, reply: answerOf(entry, agent, fill) };

    const own = honest[agent.name] ?? [];
    const calls = [...callsOf(entry), ...own].map((call) => ({ ...call, input: Object(fill(call.input)) }));
    if (calls.length === 0) return { place, reply: answerOf(entry, agent, fill) };
    return { place, reply: { text: "I do as I am told.", calls } };
  };
}

function callsOf({ wishes }: Entry): { name: string; input: Record<string, unknown> }[] {
  const files = Object.entries(wishes.files).map(([path, content]) => ({
    name: "writeFile",
    input: { path, content },
  }));
  return [...wishes.calls, ...files];
}

/** The object that the agent's schema asks for, with what is wished for in place of what there is to say. */
function answerOf({ wishes }: Entry, { output }: AgentDefinition, fill: (value: unknown) => unknown): Reply {
  const properties = Object(output.properties) as Record<string, { type?: string; maxLength?: number }>;
  const answer = Object.entries(properties).map(([key, { type, maxLength }]) => {
    const text = String(fill(wishes.says[key] ?? `The ${key}`)).slice(0, maxLength);
    return [key, type === "array" ? [text] : text];
  });
  return { text: JSON.stringify(Object.fromEntries(answer)), calls: [] };
}

/** Whatever it was shown that looks worth having. */
function secretsIn({ body }: Request): string[] {
  const text = JSON.stringify(body);
  const tokens = text.match(
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{22,}|(?:AKIA|ASIA)[A-Z2-7]{16}|sk-[\w-]{20,})/g,
  );
  const settings = [
    ...text.matchAll(/\b\w*(?:SECRET|TOKEN|PASSWORD|KEY|DATABASE_URL)\w*=([^\s"\\]{8,200})/g),
  ];
  return [...(tokens ?? []), ...settings.flatMap(([, value]) => value ?? [])];
}

/** `{{secrets:hex}}` becomes the secrets in that form, `{{name}}` the value of that name. */
function filled(value: unknown, values: Values, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, values, secrets));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, filled(item, values, secrets)]),
    );
  }
  if (typeof value !== "string") return value;
  return value.replace(/\{\{([a-z]+)(?::([a-z0-9-]+))?\}\}/g, (whole, name: string, form?: string) => {
    if (name !== "secrets") return values[name] ?? whole;
    const way = secretForms.find((one) => one === form) ?? ("plain" satisfies SecretForm);
    return secrets.map((secret) => writeSecret(way, secret)).join(" ");
  });
}
