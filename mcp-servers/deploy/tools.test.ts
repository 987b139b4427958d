import { join } from "node:path";
import { testToolList } from "../../test/tool-list.ts";
import { deployTools } from "./tools.ts";

testToolList(deployTools, join(import.meta.dirname, "tools.json"));
