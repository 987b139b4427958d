import { applyPatch } from "./tools/apply-patch.ts";
import { baseline } from "./tools/baseline.ts";
import { changes } from "./tools/changes.ts";
import { closeWorkspace } from "./tools/close-workspace.ts";
import { deleteFile } from "./tools/delete-file.ts";
import { describeRepository } from "./tools/describe-repository.ts";
import { editFile } from "./tools/edit-file.ts";
import { listFiles } from "./tools/list-files.ts";
import { openWorkspace } from "./tools/open-workspace.ts";
import { readFile } from "./tools/read-file.ts";
import { readOutput } from "./tools/read-output.ts";
import { runCommand } from "./tools/run-command.ts";
import { searchCode } from "./tools/search-code.ts";
import { verify } from "./tools/verify.ts";
import { verifyIfChanged } from "./tools/verify-if-changed.ts";
import { writeFile } from "./tools/write-file.ts";

export const workspaceTools = [
  openWorkspace,
  describeRepository,
  listFiles,
  readFile,
  searchCode,
  editFile,
  writeFile,
  deleteFile,
  applyPatch,
  runCommand,
  readOutput,
  changes,
  baseline,
  verify,
  verifyIfChanged,
  closeWorkspace,
];
