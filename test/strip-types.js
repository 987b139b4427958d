// Jest's transform: Node's own type stripping, so that tests run the very code that production runs.
import { stripTypeScriptTypes } from "node:module";

export const process = (source) => ({ code: stripTypeScriptTypes(source) });
