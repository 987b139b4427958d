import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testToolList } from "../../test/tool-list.ts";
import { observabilityTools } from "./tools.ts";

testToolList(observabilityTools, join(import.meta.dirname, "tools.json"));

test("all tools only read", () => {
  expect(new Set(observabilityTools.map(({ effect }) => effect))).toEqual(new Set(["read"]));
});
