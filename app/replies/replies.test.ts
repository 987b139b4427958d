// Every reply in each language: another text, with the same commands, labels and values in it.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { budgetScopes } from "../../shared/budget.ts";
import { cantRaiseExecution, cantRaiseIssue } from "../../shared/budget-wording.ts";
import * as control from "../../shared/control-wording.ts";
import type { Text } from "../../shared/language.ts";
import { commands as commandList } from "../commands/commands.ts";
import type { BudgetView } from "../read-budget.ts";
import type { Status } from "../read-status.ts";
import * as budget from "./budget.ts";
import * as commands from "./commands.ts";
import * as config from "./config.ts";
import * as notes from "./config-notes.ts";
import * as decisions from "./decisions.ts";
import * as forks from "./forks.ts";
import * as history from "./history.ts";
import * as starts from "./starts.ts";
import * as status from "./status.ts";
import * as whoMay from "./who-may.ts";
import * as workflows from "./workflows.ts";

const replies = {
  ...{ ...budget, ...commands, ...config, ...notes, ...decisions, ...forks, ...history },
  ...{ ...starts, ...status, ...whoMay, ...workflows, ...control, cantRaiseExecution, cantRaiseIssue },
};

const why: Text = { en: "Because of `that`.", de: "Wegen `that`." };
const broken = [{ path: ".github/afu9/workflows/a.yml", faults: "a.yml:3: no such key" }];
const faults = [{ line: 3, message: "no such key" }];
const doubt = { line: 2, text: notes.noSuchName("workflow", "x", "y") };
const states = ["queued", "running", "waiting", "paused", "succeeded", "failed", "cancelled"];
const kinds = ["cancel", "pause", "resume", "steer", "retry", "budget"] as const;

const statusIn = (more: Partial<Status>): Status => ({
  ...{ id: "e1", workflow: "issue-to-pr", status: "running", error: null, turns: 3, costUsd: 1.25 },
  ...more,
});
const viewOf = (more: Partial<BudgetView>): BudgetView => ({
  ...{ execution: "e1", status: "running", error: null, repositoryBudget: {} },
  accounts: budgetScopes.map((scope) => ({
    ...{ scope, spent: { usd: 1.5, tokens: 12_345 }, limit: { usd: 5, tokens: 1_000_000 } },
    reserved: { usd: 0.25, tokens: 0 },
  })),
  ...more,
});
const values = [
  { key: "language", value: "de", source: "owner" as const, line: 1 },
  { key: "network", value: true, source: "repository" as const, note: notes.allowedNetwork() },
  { key: "protected-paths", value: ["a"], source: "owner and repository" as const },
  { key: "budget.usd", value: 3, source: "environment" as const },
  { key: "verify", value: undefined, source: "default" as const },
];

/** Every reply with what it may be about. */
const said: Record<keyof typeof replies, Text[]> = {
  helpFooter: [commands.helpFooter()],
  theirHeading: [commands.theirHeading()],
  wrongPlace: [commands.wrongPlace("run", ["issue"]), commands.wrongPlace("x", ["issue", "pull-request"])],
  runsHere: [commands.runsHere("x", ["issue"])],
  unknownCommand: [commands.unknownCommand("rnu"), commands.unknownCommand("rnu", "run")],
  didYouMean: [commands.didYouMean("run")],
  misread: [commands.misread(commands.missing("text"))],
  tooLong: [commands.tooLong(1000, 60_000)],
  tooManyWords: [0, 1, 2].map((expected) => commands.tooManyWords(expected, ["x y", "z"])),
  missing: [commands.missing("text")],
  unknownOption: [commands.unknownOption("--now")],
  withUsage: [commands.withUsage(why, "retry", "/afu9 retry [step]")],
  notAHash: [commands.notAHash("looks")],
  notASum: [commands.notASum("lots")],
  oneStart: [commands.oneStart()],
  notDone: [commands.notDone(10, 12)],
  onlyStarts: [commands.onlyStarts()],
  notInWorkflows: [commands.notInWorkflows("run")],
  willSteer: [commands.willSteer()],
  closed: [starts.closed("issue"), starts.closed("pull-request")],
  forksAreOnlyRead: [forks.forksAreOnlyRead("fix-ci")],
  notAFork: [forks.notAFork()],
  headIsAnother: [forks.headIsAnother("a1".repeat(20), "0123abc")],
  headMayHaveMoved: [forks.headMayHaveMoved("a1".repeat(20))],
  nameTheCommit: [forks.nameTheCommit("a1".repeat(20))],
  notACommit: [forks.notACommit("now")],
  alreadyRunning: [starts.alreadyRunning("e1", "issue"), starts.alreadyRunning("e1", "pull-request")],
  outOfRounds: [starts.outOfRounds("CI", 2)],
  switchedOff: [starts.switchedOff("review")],
  onHold: [starts.onHold("afu9/hold")],
  heldMeanwhile: [starts.heldMeanwhile()],
  assignedPull: [starts.assignedPull()],
  tooMany: [
    starts.tooMany("person", 30, new Date("2026-01-01T12:34:56Z")),
    starts.tooMany("repository", 1, new Date("2026-01-01T12:34:56Z")),
  ],
  tooDeep: [starts.tooDeep(4)],
  stateLabel: [starts.stateLabel("afu9/done")],
  editedCommand: [starts.editedCommand()],
  refusedForRole: commandList.map(({ wish }) => whoMay.refusedForRole(wish, "write", "read")),
  wishes: [
    whoMay.wishes.startWorkflow("review"),
    whoMay.wishes.startOnLabel("afu9"),
    whoMay.wishes.startOnAssignment,
    whoMay.wishes.letDecide,
    whoMay.wishes.raiseBudget,
  ],
  clickRefused: [whoMay.clickRefused("pat", why)],
  notForBots: [whoMay.notForBots("robot[bot]")],
  unknownApp: [whoMay.unknownApp("Some App"), whoMay.unknownApp("")],
  notTheRequester: [whoMay.notTheRequester()],
  notInTeam: [whoMay.notInTeam("acme/owners")],
  couldNotAskWho: [whoMay.couldNotAskWho("503 Service Unavailable")],
  unreadableRules: [whoMay.unreadableRules()],
  decided: [decisions.decided("approved", "0123abcd"), decisions.decided("rejected", "0123abcd")],
  nothingToDecide: [decisions.nothingToDecide()],
  alreadyDecided: [
    decisions.alreadyDecided("approved", "0123abcd", "pat"),
    decisions.alreadyDecided("rejected", "0123abcd", "pat"),
  ],
  contentChanged: [decisions.contentChanged("0123abcd")],
  nameTheContent: [decisions.nameTheContent("0123abcd")],
  brokenWorkflows: [workflows.brokenWorkflows(broken)],
  brokenWorkflowFiles: [workflows.brokenWorkflowFiles(broken)],
  brokenFiles: [workflows.brokenFiles(broken)],
  workflowTableHead: [workflows.workflowTableHead()],
  ofThisRepository: [workflows.ofThisRepository()],
  startedBy: [
    workflows.startedBy({ label: "afu9", command: { name: "run", aliases: [], "works-on": ["issue"] } }),
    workflows.startedBy({ pull_request: { types: ["opened"] } }),
  ],
  switchedOffHere: [workflows.switchedOffHere()],
  noWorkflowsHere: [workflows.noWorkflowsHere()],
  nothingHasRun: [history.nothingHasRun()],
  nothingWasStarted: [
    history.nothingWasStarted({ labels: ["afu9"], commands: ["run", "why"] }),
    history.nothingWasStarted({ labels: [], commands: [] }),
  ],
  refusedLately: [
    history.refusedLately([
      { actor: "pat", wish: "/afu9 run", reason: "Not now.", createdAt: new Date("2026-01-01T12:34:56Z") },
    ]),
  ],
  statusOf: [
    ...states.map((state) => status.statusOf(statusIn({ status: state }))),
    status.statusOf(statusIn({ step: { name: "Plan", number: 1, of: 9 }, error: "It broke.", turns: 1 })),
    status.statusOf(statusIn({ status: "waiting", asked: "0123abcd" })),
  ],
  budgetTable: [budget.budgetTable(viewOf({}))],
  budgetRaised: [
    budget.budgetRaised(viewOf({}), viewOf({})),
    budget.budgetRaised(viewOf({}), viewOf({ status: "paused" })),
    budget.budgetRaised(viewOf({}), viewOf({ status: "paused", error: "Spent." })),
  ],
  configTable: [config.configTable(values, { owner: "https://github.test/x", repository: undefined })],
  brokenConfig: [
    config.brokenConfig({ of: "owner", faults }, null),
    config.brokenConfig({ of: "repository", faults }, "0123456789"),
  ],
  withoutEffect: [config.withoutEffect([doubt])],
  aboutConfig: [config.aboutConfig()],
  allowedNetwork: [notes.allowedNetwork()],
  detected: [notes.detected()],
  providersEffort: [notes.providersEffort()],
  boundByOperator: [notes.boundByOperator(50, "AFU9_BUDGET_USD")],
  noSuchName: [notes.noSuchName("workflow", "x", undefined), notes.noSuchName("command", "rnu", "run")],
  roleTooLow: [notes.roleTooLow("write")],
  anotherWorksHere: [control.anotherWorksHere()],
  noSuchExecution: [control.noSuchExecution("e1")],
  endedAlready: kinds.flatMap((kind) => states.map((state) => control.endedAlready(kind, state))),
  budgetHasEnded: [control.budgetHasEnded("failed")],
  isBeingCancelled: kinds.map((kind) => control.isBeingCancelled(kind)),
  isPausedAlready: [control.isPausedAlready()],
  isNotPaused: states.map(control.isNotPaused),
  noMessage: [control.noMessage()],
  nothingToRetry: [control.nothingToRetry()],
  hasNotEnded: states.map(control.hasNotEnded),
  noSuchStep: [control.noSuchStep("x", ["plan", "implement"])],
  stepsBeforeHaveNotRun: [control.stepsBeforeHaveNotRun("implement")],
  cantRaiseExecution: [cantRaiseExecution(45, 50), cantRaiseExecution(50, 50)],
  cantRaiseIssue: [cantRaiseIssue(45.5, 50)],
};

/** What a person copies, or looks up: commands, labels, names of settings, numbers, and whom it mentions. */
function keptOf(reply: string): string[] {
  const text = reply.replaceAll("```", "");
  const digits = text.match(/\d/g) ?? [];
  return [...digits, ...(text.match(/`[^`]*`|\bAFU9_\w+|@\w+|https?:\/\/[^\s)]+/g) ?? [])].sort();
}

function expectBoth({ en, de }: Text): void {
  expect(de).not.toBe(en);
  expect(keptOf(de)).toEqual(keptOf(en));
  expect(de).not.toMatch(/\b(?:du|dir|dich|dein\w*|undefined)\b/i);
}

test("no reply is left out here", () => {
  expect(Object.keys(said).sort()).toEqual(Object.keys(replies).sort());
});

test.each(Object.entries(said))(
  "%s is German in German, with all that is to be typed or looked up",
  (_, texts) => {
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expectBoth(text);
  },
);

test("so is what help says of each of AFU-9's own commands", () => {
  for (const { summary, details } of commandList) {
    expectBoth(summary);
    if (details) expectBoth(details);
  }
});

test("whatever people write stands in both, and ends its quote in neither", () => {
  const quoting: ((text: string) => Text)[] = [
    ...[forks.notACommit, (text: string) => forks.headIsAnother("a".repeat(40), text)],
    ...[
      commands.notAHash,
      commands.notASum,
      commands.unknownOption,
      (text: string) => commands.unknownCommand(text),
    ],
    ...[starts.onHold, starts.stateLabel, starts.switchedOff],
    ...[whoMay.notForBots, whoMay.unknownApp, whoMay.couldNotAskWho],
  ];
  const ticks = (text: string) => text.split("`").length;
  fc.assert(
    fc.property(fc.constantFrom(...quoting), fc.string({ unit: "binary", maxLength: 300 }), (reply, text) => {
      const [{ en, de }, plain] = [reply(text), reply("x")];
      expect(keptOf(de)).toEqual(keptOf(en));
      expect([ticks(en), ticks(de)]).toEqual([ticks(plain.en), ticks(plain.de)]);
    }),
  );
});
