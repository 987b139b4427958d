import { inEach, type Language, paragraphs, type Text } from "../../shared/language.ts";
import { outgoingLine } from "../../shared/outgoing-text.ts";
import type { Workflow } from "../../shared/workflow.ts";
import { inline } from "../replies/words.ts";
import {
  brokenWorkflowFiles,
  noWorkflowsHere,
  ofThisRepository,
  startedBy,
  switchedOffHere,
  workflowTableHead,
} from "../replies/workflows.ts";
import type { Command } from "./command.ts";

export const workflows: Command = {
  name: "workflows",
  summary: {
    en: "List the workflows here, what starts each, and the files that can't be used.",
    de: "Die Workflows hier auflisten, was jeden startet und welche Dateien nicht verwendet werden können.",
  },
  wish: { en: "list the workflows", de: "Die Workflows auflisten" },
  async run({ context, deps }) {
    const { workflows: theirs, broken } = await deps.repositoryWorkflows.of(context);
    const { workflows: switches } = await deps.configs.of(context);
    const rowsOf = (list: { definition: Workflow }[]) =>
      tableOf(
        list.map(({ definition }) => definition),
        (name) => switches[name] !== false,
      );
    return paragraphs(
      rowsOf(deps.workflows),
      ofThisRepository(),
      theirs.length > 0 ? rowsOf(theirs) : noWorkflowsHere(),
      broken.length > 0 && brokenWorkflowFiles(broken),
    );
  },
};

function tableOf(definitions: Workflow[], isOn: (name: string) => boolean): Text {
  const rows = (language: Language) =>
    definitions.map(({ name, description = "", on }) => {
      const starts = isOn(name) ? startedBy(on) : switchedOffHere();
      return [inline(name), outgoingLine(description), starts[language]].map(cell).join(" | ");
    });
  return inEach((language) =>
    [workflowTableHead()[language], "|---|---|---|", ...rows(language).map((row) => `| ${row} |`)].join("\n"),
  );
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
