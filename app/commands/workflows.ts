import { outgoingLine } from "../../shared/outgoing-text.ts";
import type { Workflow } from "../../shared/workflow.ts";
import { commandNames, startEvents } from "../../shared/workflow-starts.ts";
import { brokenWorkflowFiles, inline, noWorkflowsHere, placeNames, switchedOffHere } from "../replies.ts";
import type { Command } from "./command.ts";

export const workflows: Command = {
  name: "workflows",
  summary: "List the workflows here, what starts each, and the files that can't be used.",
  wish: "list the workflows",
  async run({ context, deps }) {
    const { workflows: theirs, broken } = await deps.repositoryWorkflows.of(context);
    const { workflows: switches } = await deps.configs.of(context);
    const rowsOf = (list: { definition: Workflow }[]) =>
      tableOf(
        list.map(({ definition }) => definition),
        (name) => switches[name] !== false,
      );
    return [
      rowsOf(deps.workflows),
      "### Of this repository",
      theirs.length > 0 ? rowsOf(theirs) : noWorkflowsHere(),
      broken.length > 0 && brokenWorkflowFiles(broken),
    ]
      .filter(Boolean)
      .join("\n\n");
  },
};

function tableOf(definitions: Workflow[], isOn: (name: string) => boolean): string {
  const rows = definitions.map(({ name, description = "", on }) =>
    [inline(name), outgoingLine(description), isOn(name) ? startsOf(on).join("; ") : switchedOffHere()]
      .map(cell)
      .join(" | "),
  );
  return [
    "| workflow | what it does | started by |",
    "|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** Everything that starts a workflow, as people know it. */
function startsOf(on: Workflow["on"]): string[] {
  const places = placeNames(on.command?.["works-on"] ?? []);
  return [
    ...(on.label === undefined ? [] : [`the label ${inline(on.label)}`]),
    ...commandNames(on).map((name) => `\`/afu9 ${name}\` on ${places}`),
    ...startEvents.filter((event) => on[event]).map((event) => `the event \`${event}\``),
  ];
}
