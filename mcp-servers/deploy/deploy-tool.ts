import type { z } from "zod";
import { inOurWords } from "../aws-fault.ts";
import { type Effect, type Tool, type ToolCall, tool } from "../tool.ts";
import type { DeployDeps } from "./deps.ts";

/** AFU-9's own client waits for a minute. */
const timeoutMs = 55_000;

type DeployToolSpec<Input extends z.ZodObject, Output extends z.ZodObject> = {
  name: string;
  description: string;
  effect: Effect;
  idempotent?: boolean;
  input: Input;
  output: Output;
  run(input: z.infer<Input>, deps: DeployDeps, call: ToolCall): Promise<z.infer<Output>>;
};

/** Makes a tool that works with AWS: what AWS refuses is said in words that help, and none of its own. */
export function deployTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  spec: DeployToolSpec<Input, Output>,
): Tool<DeployDeps> {
  return tool<DeployDeps>()({
    ...spec,
    limits: { timeoutMs },
    async run(input, deps, call) {
      try {
        return await spec.run(input, deps, call);
      } catch (error) {
        throw inOurWords(error, spec.name, { server: "deploy", log: call.log });
      }
    },
  });
}
