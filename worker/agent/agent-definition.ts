// An agent is a file in `agents/`: front matter (tools, limits, the answer's schema), then the prompt.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { PermanentFault } from "../../shared/errors.ts";
import { efforts, modelProviders } from "../../shared/repository-config.ts";
import { toolName } from "../../shared/step.ts";

const FrontMatter = z.strictObject({
  /** The model's name and its provider, and how much it thinks. Without them, what the repository or the environment says. */
  model: z.string().min(1).optional(),
  provider: z.enum(modelProviders).optional(),
  effort: z.enum(efforts).optional(),
  /** The tools the agent may call, by full name. Only tools that read, and those of the workspace. */
  tools: z.array(toolName),
  limits: z.strictObject({
    turns: z.number().int().positive(),
    minutes: z.number().positive(),
    /** The most that one reply of the model may have. */
    "output-tokens": z.number().int().positive().optional(),
  }),
  /** Each item of the input, by its `id`, must have one entry in the answer's `output`, which names it as `key`. */
  covers: z
    .strictObject({ input: z.string(), id: z.string(), output: z.string(), key: z.string() })
    .optional(),
  /** JSON Schema of the last reply. */
  output: z.record(z.string(), z.unknown()),
});

export type AgentDefinition = z.infer<typeof FrontMatter> & {
  name: string;
  prompt: string;
  answer: z.ZodType<Record<string, unknown>>;
};

/** Parses an agent's file. Throws a `PermanentFault` that names the file and what was expected. */
export function parseAgent(text: string, name: string): AgentDefinition {
  const match = text.match(/^---\n([\s\S]*?)\n---\n([\s\S]*)$/);
  if (!match)
    throw new PermanentFault(`agents/${name}.md: expected front matter between two lines of \`---\``);
  const document = parseDocument(match[1] ?? "");
  if (document.errors[0]) throw new PermanentFault(`agents/${name}.md: ${document.errors[0].message}`);
  const front = FrontMatter.safeParse(document.toJS());
  if (!front.success) {
    const faults = front.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new PermanentFault(`agents/${name}.md: ${faults.join("; ")}`);
  }
  const answer = z.fromJSONSchema(front.data.output).pipe(z.record(z.string(), z.unknown()));
  return { ...front.data, name, prompt: (match[2] ?? "").trim(), answer };
}

export async function loadAgents(folder: string): Promise<Map<string, AgentDefinition>> {
  const names = (await readdir(folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => basename(name, ".md"));
  const agents = await Promise.all(
    names.map(async (name) => parseAgent(await readFile(join(folder, `${name}.md`), "utf8"), name)),
  );
  return new Map(agents.map((agent) => [agent.name, agent]));
}
