import { PermanentFault } from "../../shared/errors.ts";
import type { HeaderValues } from "./connection.ts";
import type { RegisteredServer } from "./registry.ts";

/** Only variables of these names are sent to third parties: no row can have another secret of the process sent away. */
export const headerVariable = /^AFU9_MCP_HEADER_[A-Z0-9_]+$/;

/** The values for the headers of third parties, out of an environment. */
export function readHeaderValues(env: NodeJS.ProcessEnv): HeaderValues {
  const given = Object.entries(env).flatMap(([name, value]) =>
    headerVariable.test(name) && value ? [[name, value] as const] : [],
  );
  return Object.fromEntries(given);
}

/** What a request to a server carries. AFU-9's own get the step's capability; a third party gets its own headers alone. */
export function requestHeaders(server: RegisteredServer, token: string, values: HeaderValues): HeaderValues {
  if (!server.isThirdParty) return { authorization: `Bearer ${token}` };
  const headers = Object.entries(server.headers).map(([name, variable]) => {
    const value = headerVariable.test(variable) ? values[variable] : undefined;
    if (value) return [name, value] as const;
    throw new PermanentFault(
      `The MCP server \`${server.name}\` gets its header ${name} from the variable ${variable}, which the worker does not have. Set it, and start the worker anew.`,
    );
  });
  return Object.fromEntries(headers);
}
