// The workspace server as a process of its own, with a checkout for one execution: `node workspace-server.ts EXECUTION`.
import { startTestWorkspace } from "../test/start-test-workspace.ts";

const [execution = ""] = process.argv.slice(2);
const workspace = await startTestWorkspace("none");
process.on("disconnect", () => workspace.close().finally(() => process.exit()));
await workspace.open(execution, { "sum.js": "export const sum = (a, b) => a + b;\n".repeat(110) });
process.send?.({ url: workspace.url });
