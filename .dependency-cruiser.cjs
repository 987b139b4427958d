// Which folder may import which: prisma ← shared ← app | worker | mcp-servers. `npm run check:layers` and
// test/layers.test.ts run these rules.
const ours = "^(app|worker|mcp-servers|shared|prisma|infra|local|test|bench)/";
const tests = "\\.test\\.ts$";

/** A folder that may import itself and `allowed`, and no other folder of ours. Its tests may import anything. */
function layer(folder, allowed, comment) {
  return {
    name: `${folder}-imports`,
    comment,
    severity: "error",
    from: { path: `^${folder}/`, pathNot: tests },
    to: { path: ours, pathNot: `^(${[folder, ...allowed].join("|")})/` },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    layer("prisma", [], "The database's description knows nothing of those who use it."),
    layer("shared", ["prisma"], "What two processes need knows neither of them."),
    layer("app", ["shared", "prisma"], "App and worker meet only in the database and the queue."),
    layer("worker", ["shared", "prisma"], "The worker speaks MCP to servers and imports none of them."),
    layer("mcp-servers", ["shared", "prisma"], "A server can be deployed without the other processes."),
    layer("infra", [], "The infrastructure is described without our code."),
    {
      name: "no-benchmarks-imported",
      comment: "A benchmark measures the others, who know nothing of it.",
      severity: "error",
      from: { pathNot: "^bench/" },
      to: { path: "^bench/" },
    },
    {
      name: "no-tests-imported",
      comment: "A test is run, not imported.",
      severity: "error",
      from: {},
      to: { path: tests },
    },
    {
      name: "no-cycles",
      comment: "Files that need each other can't be read one after the other.",
      severity: "error",
      from: { pathNot: "^prisma/generated/" },
      to: { circular: true },
    },
    {
      name: "no-barrels",
      comment: "Import the file that defines it.",
      severity: "error",
      from: { path: ours, pathNot: "^prisma/generated/" },
      to: { path: "/index\\.[cm]?[jt]sx?$", dependencyTypes: ["local"] },
    },
    {
      name: "no-unresolvable",
      comment: "An import that is not found is not checked either.",
      severity: "error",
      from: { path: ours },
      to: { couldNotResolve: true, path: "^\\." },
    },
  ],
  options: {
    exclude: { path: "(^|/)(node_modules|\\.afu9)/|^local/sample-repository/" },
    // Imports of types are dependencies too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
