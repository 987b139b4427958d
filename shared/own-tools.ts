// Tools that the worker answers itself, from its rows: no MCP server has the database. Steps may call them, agents may not.

export const getHistory = "afu9.getHistory";

export const ownTools: readonly string[] = [getHistory];
