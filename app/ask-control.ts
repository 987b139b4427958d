import { type Control, type ControlKind, requestControl } from "../shared/control.ts";
import { storableText } from "../shared/storable-text.ts";
import type { Call } from "./commands/command.ts";
import { executionOf } from "./find-execution.ts";
import { requireNoHoldOn } from "./policy/hold.ts";

/** What lets an execution go on. */
const goesOn: Partial<Record<ControlKind, true>> = { resume: true, retry: true, budget: true };

/**
 * Writes down what a person wants of the execution that their comment is about. Asked by one delivery, it is asked once. Gives
 * the execution. `needs` is the role that it took, when it is another than the command's.
 */
export async function askControl(
  call: Call,
  kind: ControlKind,
  {
    text = "",
    raise,
    needs = call.needs,
  }: Pick<Control, "text" | "raise"> & Partial<Pick<Call, "needs">> = {},
): Promise<string> {
  const { context, deps } = call;
  const execution = await executionOf(call);
  if (goesOn[kind]) await requireNoHoldOn({ execution, place: context.payload.issue.number }, call);
  const { id: of, login: requestedBy } = context.payload.sender;
  const role = needs && { of, needs };
  const control = {
    execution,
    kind,
    text: storableText(text),
    raise,
    requestedBy,
    role,
    delivery: context.id,
  };
  await requestControl(control, deps);
  deps.log.info({ delivery: context.id, execution_id: execution, kind }, "control asked for");
  return execution;
}
