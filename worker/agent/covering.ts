import type { AgentDefinition } from "./agent-definition.ts";

/**
 * The agent, whose answer must have exactly one entry for each item of an input, where its definition says so (`covers`).
 * What is left out goes back to it as any other fault of its answer.
 */
export function covering(
  agent: AgentDefinition | undefined,
  inputs: Record<string, unknown>,
): AgentDefinition | undefined {
  if (!agent?.covers) return agent;
  const { input, id, output, key } = agent.covers;
  const wanted = valuesOf(inputs[input], id);
  const answer = agent.answer.superRefine((value, context) => {
    const given = valuesOf(value[output], key);
    const say = (message: string) => context.addIssue({ code: "custom", path: [output], message });
    const missing = wanted.filter((one) => !given.includes(one));
    const unknown = given.filter((one) => !wanted.includes(one));
    const twice = given.filter((one, index) => given.indexOf(one) < index);
    if (missing.length > 0) say(`there is no entry for ${missing.join(", ")} of \`${input}\``);
    if (unknown.length > 0) say(`there is no ${unknown.join(", ")} in \`${input}\``);
    if (twice.length > 0) say(`there is more than one entry for ${twice.join(", ")}`);
  });
  return { ...agent, answer };
}

function valuesOf(list: unknown, key: string): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => String((Object(item) as Record<string, unknown>)[key]));
}
