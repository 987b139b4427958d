import { SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";

/** A server gave no answer: it is away, overloaded or too slow. The same call may work later. */
export class ServerFault extends Error {
  override name = "ServerFault";
  /** It may still be at work on the call. */
  readonly isTimeout: boolean;

  constructor(message: string, { cause, isTimeout = false }: { cause?: unknown; isTimeout?: boolean } = {}) {
    super(message, { cause });
    this.isTimeout = isTimeout;
  }
}

/** What a failed request says of its server: a fault that may pass, or nothing (then it is an error of this request). */
export function serverFaultOf(error: unknown): ServerFault | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ServerFault) return error;
  // The status comes first: a server that answers with a 401 is not away.
  if (error instanceof SdkHttpError)
    return isPassingStatus(error.status)
      ? new ServerFault(`HTTP ${error.status}`, { cause: error })
      : undefined;
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
    return new ServerFault("it took too long", { isTimeout: true });
  const first = serverFaultOf(error.cause);
  if (first) return first;
  const isAway =
    error instanceof SdkError &&
    (error.code === SdkErrorCode.EraNegotiationFailed || error.code === SdkErrorCode.ConnectionClosed);
  return isAway ? new ServerFault(error.message, { cause: error }) : undefined;
}

/** A 404 is how a server says that it has forgotten a session: the next connection begins a new one. */
function isPassingStatus(status: number | undefined): boolean {
  return status !== undefined && (status >= 500 || status === 404 || status === 429);
}
