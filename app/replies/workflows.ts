// What is said of workflows, and of the files that can't be used.
import { inEach, type Text } from "../../shared/language.ts";
import type { Workflow } from "../../shared/workflow.ts";
import { commandNames, startEvents } from "../../shared/workflow-starts.ts";
import type { BrokenFile } from "../load-repository-workflows.ts";
import { inline, placeNames } from "./words.ts";

/** Faults name files, lines and keys. They stay as they are. */
function faultsOf(files: BrokenFile[]): string {
  const faults = files.map((file) => file.faults).join("\n");
  const shown = faults.length <= 4000 ? faults : `${faults.slice(0, 4000).toWellFormed()}…`;
  return `\`\`\`text\n${shown.replaceAll("```", "'''")}\n\`\`\``;
}

/** Why files of the repository can't be used, each line with the file and the line in it. */
export function brokenWorkflows(files: BrokenFile[]): Text {
  const faults = faultsOf(files);
  return {
    en: `I can't use what this repository says here:\n\n${faults}\n\nMend it on the default branch, then write this again. \`/afu9 help\` lists what can be used.`,
    de: `Was dieses Repository hier sagt, kann ich nicht verwenden:\n\n${faults}\n\nBerichtigen Sie es auf dem Standard-Branch und schreiben Sie das dann noch einmal. \`/afu9 help\` zeigt, was verwendet werden kann.`,
  };
}

/** The files of the repository that can't be used, and every fault in them. */
export function brokenWorkflowFiles(files: BrokenFile[]): Text {
  const faults = faultsOf(files);
  return {
    en: `These can't be used:\n\n${faults}`,
    de: `Diese können nicht verwendet werden:\n\n${faults}`,
  };
}

export function brokenFiles(files: BrokenFile[]): Text {
  const paths = files.map(({ path }) => inline(path)).join(", ");
  return {
    en: `These files can't be used: ${paths}. Type their command to see why.`,
    de: `Diese Dateien können nicht verwendet werden: ${paths}. Ihr Befehl sagt, warum.`,
  };
}

export function workflowTableHead(): Text {
  return {
    en: "| workflow | what it does | started by |",
    de: "| Workflow | was er tut | gestartet durch |",
  };
}

export function ofThisRepository(): Text {
  return { en: "### Of this repository", de: "### Von diesem Repository" };
}

const words = {
  en: { label: "the label", on: "on", event: "the event" },
  de: { label: "das Label", on: "bei", event: "das Ereignis" },
};

/** Everything that starts a workflow, as people know it. */
export function startedBy(on: Workflow["on"]): Text {
  return inEach((language) => {
    const said = words[language];
    const places = placeNames(on.command?.["works-on"] ?? [], language);
    return [
      ...(on.label === undefined ? [] : [`${said.label} ${inline(on.label)}`]),
      ...commandNames(on).map((name) => `\`/afu9 ${name}\` ${said.on} ${places}`),
      ...startEvents.filter((event) => on[event]).map((event) => `${said.event} \`${event}\``),
    ].join("; ");
  });
}

/** Of a workflow in a list. */
export function switchedOffHere(): Text {
  return {
    en: "nothing: switched off in `.github/afu9.yml`",
    de: "nichts: abgeschaltet in `.github/afu9.yml`",
  };
}

export function noWorkflowsHere(): Text {
  return {
    en: "It has none. A file in `.github/afu9/workflows/` on the default branch adds one.",
    de: "Es hat keine. Eine Datei in `.github/afu9/workflows/` auf dem Standard-Branch fügt einen hinzu.",
  };
}
