/** The MCP servers that come with AFU-9, by name. Each is loaded when it is started. */
export const servers = {
  deploy: () => import("./deploy/main.ts"),
  github: () => import("./github/main.ts"),
  observability: () => import("./observability/main.ts"),
  workspace: () => import("./workspace/main.ts"),
};
