// What AFU-9 says to people in answer to what they did. Every reply says what to type next.
import type { Role } from "../shared/role.ts";
import type { Place } from "../shared/workflow-starts.ts";
import type { BrokenFile } from "./load-repository-workflows.ts";
import type { TriggerDecision } from "./policy/decisions.ts";

/** What the places are called where a command may be written. */
export const placeWords: Record<Place, string> = { issue: "issue", "pull-request": "pull request" };

/** Several of each. */
export function placeNames(places: Place[]): string {
  return places.map((place) => `${placeWords[place]}s`).join(" and ");
}

export function helpFooter(): string {
  return "A command stands on a line of its own; several in one comment are done in their order. Mentioning me at the beginning of a line does the same. `/afu9 help <command>` tells more.";
}

export function wrongPlace(command: string, places: Place[]): string {
  const where = places.map((place) => `${place === "issue" ? "an" : "a"} ${placeWords[place]}`).join(" or ");
  return `\`/afu9 ${command}\` works on ${where}. Write it there instead.`;
}

export function closed(place: Place): string {
  return `This ${placeWords[place]} is closed. Reopen it, then write this again.`;
}

export function forksAreOnlyRead(command: string): string {
  return `This pull request comes from a fork, and forks I only read: \`/afu9 ${command}\` would push to it. \`/afu9 help\` lists what else there is.`;
}

export function refusedForRole(wish: string, needed: Role, actual: Role): string {
  return `I can't ${wish} for you: that needs the role \`${needed}\` in this repository, and yours is \`${actual}\`. Ask somebody who has it.`;
}

/** A click has no line that could be quoted. */
export function clickRefused(login: string, reason: string): string {
  return `@${login} clicked a button of mine here. ${reason}`;
}

export function alreadyRunning(execution: string, place: Place): string {
  return `I'm already working on this ${placeWords[place]} (execution \`${execution}\`). The comment above shows how far it is.`;
}

export function outOfRounds(run: string, rounds: number): string {
  return `${inline(run)} has failed again after I tried ${rounds} times, so I leave it to you. Push to this branch, and I look at the next failure again; \`/afu9 fix-ci\`, with what you know after it, has me try once more.`;
}

export function switchedOff(workflow: string): string {
  return `The workflow ${inline(workflow)} is switched off in this repository. \`/afu9 config\` tells where; \`workflows\` in \`.github/afu9.yml\` switches it on.`;
}

export function onHold(label: string): string {
  return `Nothing starts or goes on here while the label ${inline(label)} is set. Remove it, then ask again.`;
}

export function tooMany(who: "you" | "this repository", limit: number, again: Date): string {
  const whose = who === "you" ? "You have" : "This repository has";
  return `${whose} started ${limit} executions in the last hour, and more are not allowed (${who === "you" ? "AFU9_RATE_USER_HOUR" : "AFU9_RATE_REPOSITORY_HOUR"}). Ask again after ${again.toISOString().slice(11, 16)} UTC.`;
}

export function notForBots(login: string): string {
  return `${inline(login)} is a bot, and bots start nothing here unless AFU-9's operator lets them in (AFU9_ALLOWED_BOTS). A person can write the same.`;
}

export function unknownApp(name: string): string {
  return `This was written in a person's name by the App ${inline(name || "?")}, and I can't tell whether that person knows. Write it yourself in a new comment, or ask AFU-9's operator to let the App in (AFU9_ALLOWED_APPS).`;
}

export function stateLabel(label: string): string {
  return `The label ${inline(label)} shows how it stands, and starts nothing.`;
}

export function editedCommand(): string {
  return "A command counts as it was written first. Write it in a new comment.";
}

/** Why nothing was started lately, the newest first. */
export function refusedLately(decisions: TriggerDecision[]): string {
  const lines = decisions.map(
    ({ createdAt, wish, actor, reason }) =>
      `- ${createdAt.toISOString().slice(0, 16).replace("T", " ")} UTC, ${inline(wish)} by ${inline(actor)}: ${reason.replace(/\s+/g, " ")}`,
  );
  return `Not done here lately:\n\n${lines.join("\n")}`;
}

export function tooDeep(depth: number): string {
  return `I don't start here by myself any more: ${depth} executions led to this issue, each by opening an issue for the next, and that looks like a circle. If it is none, write a new issue in your own words and start there.`;
}

export function unknownCommand(name: string, hint: string): string {
  return `There is no \`/afu9 ${shortened(name).replaceAll("`", "'")}\`.${hint} Try \`/afu9 help\`.`;
}

/** What is wrong with what stands after a command's name, in the words of who reads it. */
export function misread(fault: string): string {
  return `I can't read that: ${inline(fault)}.`;
}

export function tooLong(most: number, characters: number): string {
  return `expected ${most} characters at most, got ${characters}`;
}

export function withUsage(fault: string, name: string, usage: string): string {
  return `${fault}\n\nUsage: \`${usage}\`. \`/afu9 help ${name}\` tells more.`;
}

/** Of several commands in one comment. */
export function oneStart(): string {
  return "One comment starts one piece of work, and this one has started another. Write this in a comment of its own.";
}

export function notDone(most: number, all: number): string {
  return `I do ${most} commands of one comment, and there are ${all}. Write the others again in another comment.`;
}

function faultsOf(files: BrokenFile[]): string {
  const faults = files.map((file) => file.faults).join("\n");
  const shown = faults.length <= 4000 ? faults : `${faults.slice(0, 4000).toWellFormed()}…`;
  return `\`\`\`text\n${shown.replaceAll("```", "'''")}\n\`\`\``;
}

/** Why files of the repository can't be used, each line with the file and the line in it. */
export function brokenWorkflows(files: BrokenFile[]): string {
  return `I can't use what this repository says here:\n\n${faultsOf(files)}\n\nMend it on the default branch, then write this again. \`/afu9 help\` lists what can be used.`;
}

export function notInWorkflows(command: string): string {
  return `No workflow is started by \`/afu9 ${command}\`: AFU-9's operator has changed \`workflows/\`. \`/afu9 help\` lists what there is.`;
}

/** Of a workflow in a list. */
export function switchedOffHere(): string {
  return "nothing: switched off in `.github/afu9.yml`";
}

export function noWorkflowsHere(): string {
  return "It has none. A file in `.github/afu9/workflows/` on the default branch adds one.";
}

/** The files of the repository that can't be used, and every fault in them. */
export function brokenWorkflowFiles(files: BrokenFile[]): string {
  return `These can't be used:\n\n${faultsOf(files)}`;
}

export function brokenFiles(files: BrokenFile[]): string {
  return `These files can't be used: ${files.map(({ path }) => inline(path)).join(", ")}. Type their command to see why.`;
}

export function nothingHasRun(): string {
  return "Nothing has run here yet. `/afu9 run` on an issue starts it.";
}

/** What there is to say about a place where nothing was started, and what would start something there. */
export function nothingWasStarted({ labels, commands }: { labels: string[]; commands: string[] }): string {
  const ways = [
    ...labels.map((label) => `- the label ${inline(label)}`),
    ...commands
      .filter((command) => command !== "why")
      .map((command) => `- \`/afu9 ${command}\` in a comment`),
  ];
  const reason = "I have done nothing here: nobody who may has started me.";
  return ways.length > 0 ? `${reason} This would:\n\n${ways.join("\n")}` : `${reason} Try \`/afu9 help\`.`;
}

export function willSteer(): string {
  return "I'll tell the agent at its next turn.";
}

export function decided(decision: "approved" | "rejected", content: string): string {
  if (decision === "rejected")
    return `Rejected: \`${content}\`. \`/afu9 retry\` tries it again once I have ended.`;
  return `Approved: \`${content}\`. I go on; \`/afu9 status\` tells how far I am.`;
}

export function nothingToDecide(): string {
  return "Nothing waits for a decision here. `/afu9 status` tells how it stands.";
}

export function alreadyDecided(decision: string, content: string, who: string): string {
  return `Nothing waits for a decision here any more: \`${content}\` was ${decision} by ${who}. \`/afu9 status\` tells how it stands.`;
}

export function contentChanged(asked: string): string {
  return `That content is not asked any more, it has changed since. Read what is asked now, then type \`/afu9 approve ${asked}\`.`;
}

export function nameTheContent(asked: string): string {
  return `More than one content was asked for here, so I need to know which one you mean. Read what is asked now, then type \`/afu9 approve ${asked}\`.`;
}

export function notAHash(word: string): string {
  return `Expected nothing after \`approve\`, or the first 8 characters of the content's hash, got ${inline(word)}.`;
}

export function notASum(word: string): string {
  return `Expected how many US dollars to add, such as \`+5\` or \`+2.50\`, got ${inline(word)}.`;
}

export function notTheRequester(): string {
  return "You started this, and somebody else has to decide it. Ask them to type `/afu9 approve` or `/afu9 reject`.";
}

export function notInTeam(team: string): string {
  return `Only members of the team \`${team}\` decide this. Ask one of them to type \`/afu9 approve\` or \`/afu9 reject\`.`;
}

export function couldNotAskWho(why: string): string {
  return `I could not ask GitHub whether you may decide this, so nothing is decided: ${inline(why)}. Try it again. For a team the App needs the permission to read the organisation's members.`;
}

export function unreadableRules(): string {
  return "I can't read the rules of who may decide this, so nothing is decided. `/afu9 cancel`, then `/afu9 run`.";
}

export function onlyStarts(): string {
  return "A workflow may ask only for what starts something, such as `run`. Type this one yourself.";
}

/** Why an execution has ended, by the state of its repository. */
export const unreachable = {
  removed: "The App was removed from this repository. Install it there again, then type `/afu9 retry`.",
  suspended: "The App's installation was suspended. Once it may act again, type `/afu9 retry`.",
  archived: "The repository was archived, which makes it read-only. Unarchive it, then type `/afu9 retry`.",
};

/** The line that is answered, as a quote. */
export function quoted(line: string): string {
  return `> ${shortened(line)}\n\n`;
}

/** A text of others on one line, as code: it can't mention people or change how the answer looks. */
export function inline(text: string): string {
  return `\`${shortened(text.replace(/\s+/g, " ").trim()).replaceAll("`", "'")}\``;
}

/** A comment may be 65,536 characters in one line, and the answer to it no longer than that. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}
