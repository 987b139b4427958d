import { messageOf } from "../../shared/errors.ts";
import type { AgentDefinition } from "./agent-definition.ts";

/** The agent's last reply as the object that its definition asks for, or what is wrong with it. */
export type Answer = { value: Record<string, unknown> } | { problem: string };

/**
 * Reads the JSON object in a reply, bare or in a code block, and checks it against the agent's schema. Of several the
 * last one counts that fits; the problem is that of the last one.
 */
export function parseAnswer(text: string, agent: AgentDefinition): Answer {
  const blocks = [...text.matchAll(/```\w*\s*\n([\s\S]*?)\n\s*```/g)].map(([, block = ""]) => block);
  const bare = text.slice(Math.max(text.indexOf("{"), 0), text.lastIndexOf("}") + 1);
  const answers = [...blocks.reverse(), bare].map((json) => read(json, agent));
  return answers.find((answer) => "value" in answer) ?? answers[0] ?? { problem: "it is empty" };
}

function read(json: string, agent: AgentDefinition): Answer {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { problem: `it is not a JSON object (${messageOf(error)})` };
  }
  const parsed = agent.answer.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return {
    problem: parsed.error.issues
      .map((issue) => `${issue.path.join(".") || "the object"}: ${issue.message}`)
      .join("; "),
  };
}

/** Asks the model for the answer once more, in the right form. */
export function askForAnswer(problem: string, agent: AgentDefinition): string {
  return `Your last reply can't be used: ${problem}.\nReply with only a JSON object that fits this schema:\n${JSON.stringify(agent.output)}`;
}
