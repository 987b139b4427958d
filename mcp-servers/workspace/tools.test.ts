import { join } from "node:path";
import { testToolList } from "../../test/tool-list.ts";
import { workspaceTools } from "./tools.ts";

testToolList(workspaceTools, join(import.meta.dirname, "tools.json"));
