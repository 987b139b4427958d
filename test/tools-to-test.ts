// A tool for every kind of behaviour, for the tests of mcp-servers.
import { z } from "zod";
import { owner, repo, type ToolCall, tool } from "../mcp-servers/tool.ts";
import { Busy, Refusal, ToolFailure } from "../shared/errors.ts";

export type Deps = { greeting: string; calls: ToolCall[]; started(call: ToolCall): void };

const greet = tool<Deps>()({
  name: "greet",
  description: "Greet somebody.",
  effect: "read",
  input: z.object({ name: z.string().max(10), times: z.number().default(1) }),
  output: z.object({ text: z.string() }),
  run: async ({ name, times }, { greeting }) => ({ text: `${greeting} ${name}`.repeat(times) }),
});
const plain = tool<Deps>()({
  name: "plain",
  description: "Say something as plain text.",
  effect: "write",
  input: z.object({}),
  run: async () => "plain text",
});
const useRepository = tool<Deps>()({
  name: "useRepository",
  description: "Use the repository.",
  effect: "destroy",
  needsRepositoryToken: true,
  input: z.object({ owner, repo }),
  run: async (_, { calls }, call) => {
    calls.push(call);
    return {};
  },
});
const fail = tool<Deps>()({
  name: "fail",
  description: "Fail in one of several ways.",
  effect: "read",
  input: z.object({ how: z.enum(["failure", "refusal", "fault", "busy"]) }),
  run: async ({ how }) => {
    if (how === "busy") throw new Busy("The other side wants nothing for a minute.", 60);
    if (how === "failure") throw new ToolFailure("There is no such file. Try another.");
    if (how === "refusal") throw new Refusal("The file says something that can't be used.");
    throw new Error("the disk is full");
  },
});
const wait = tool<Deps>()({
  name: "wait",
  description: "Wait until the call is aborted.",
  effect: "read",
  input: z.object({}),
  run: async (_, { started }, call) => {
    await new Promise((resolve) => {
      call.signal.addEventListener("abort", resolve);
      started(call);
    });
    return {};
  },
});

/** Its call ends when its time is up, whatever it does. */
const linger = tool<Deps>()({
  name: "linger",
  description: "Do something that never ends.",
  effect: "write",
  limits: { timeoutMs: 50 },
  input: z.object({}),
  run: (_, { started }, call) => {
    started(call);
    return new Promise(() => {});
  },
});
const recite = tool<Deps>()({
  name: "recite",
  description: "Give a text of any length.",
  effect: "read",
  limits: { maxResultCharacters: 300 },
  input: z.object({ length: z.number(), as: z.enum(["text", "object"]) }),
  run: async ({ length, as }) => {
    const text = "x".repeat(length);
    return as === "text" ? text : { text };
  },
});
const promise = tool<Deps>()({
  name: "promise",
  description: "Give what was promised, or something else.",
  effect: "write",
  idempotent: true,
  input: z.object({ kept: z.boolean() }),
  output: z.object({ text: z.string() }),
  run: async ({ kept }) => ({ text: kept ? "kept" : 5, password: "hunter2" }),
});
const count = tool<Deps>()({
  name: "count",
  description: "Count, and tell how far it is.",
  effect: "read",
  input: z.object({}),
  run: async (_, __, { progress }) => {
    progress({ message: "one" });
    progress({ message: "two", total: 3 });
    progress({ message: "nearly", progress: 2.5 });
    return "three";
  },
});

export const toolsToTest = [greet, plain, useRepository, fail, wait, linger, recite, promise, count];
