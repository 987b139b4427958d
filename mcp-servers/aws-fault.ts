// What AWS answered when it did not do as asked, in words for whoever called. AWS's own words are kept where they say what
// to do about it, and go to the log otherwise: they name users, keys and addresses.
import { ToolFailure } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";

/** The server whose rights and credentials these are; `docs/<server>.md` lists the rights. */
type Asked = { server: "deploy" | "observability"; log: Logger };

/** `mayPass`: the same call may work later. */
type AwsFault = { words: string; mayPass: boolean };
type AwsError = Error & { $metadata?: { httpStatusCode?: number; requestId?: string } };

const noCredentials = /^(CredentialsProviderError|ProviderError|TokenProviderError)$/;
const badCredentials =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|IncompleteSignature|MissingAuthenticationToken)/;
const throttled = /throttl|toomanyrequests|requestlimitexceeded|slowdown|requesttimeout|updateinprogress/i;
const notAllowed = /AccessDenied|UnauthorizedOperation|NotAuthorized/;
const notThere = /^(NotFound|ResourceNotFound|TargetGroupNotFound|ClusterNotFound|ServiceNotFound)/;
const maxMessage = 500;

/** What may pass becomes an `Error`, anything else a `ToolFailure`. An error that is not of AWS is given back as it is. */
export function inOurWords(error: unknown, tool: string, asked: Asked): unknown {
  const fault = awsFault(error, asked);
  if (!fault) return error;
  return fault.mayPass
    ? new Error(fault.words)
    : new ToolFailure(`${tool} could not be done: ${fault.words}`);
}

/** Gives undefined for an error that is not of AWS, and for a call that was taken back. */
export function awsFault(error: unknown, { server, log }: Asked): AwsFault | undefined {
  if (!isAwsError(error) || error.name === "AbortError") return undefined;
  const { name, message, $metadata: { httpStatusCode: status, requestId } = {} } = error;
  log.warn({ aws_error: name, aws_message: message, request: requestId }, "AWS did not do as asked");
  if (noCredentials.test(name)) return operatorMustAct(server, `the ${server} server has no AWS credentials`);
  if (badCredentials.test(name))
    return operatorMustAct(server, `AWS does not accept the ${server} server's credentials (${name})`);
  if (status === 429 || throttled.test(name))
    return passing(`AWS asks to wait (${name}). The same call may work in a minute.`);
  if (status === undefined) return withoutAnswer(error);
  if (status >= 500) return passing(`AWS has a fault of its own (${name}).`);
  if (notAllowed.test(name))
    return operatorMustAct(server, `AWS does not allow the ${server} server ${rightIn(message)}`);
  if (notThere.test(name)) return lasting(`AWS does not find it (${name}). Check the name.`);
  return lasting(`AWS answered ${name}, ${message.slice(0, maxMessage)}`);
}

/** The SDK marks what went wrong between it and AWS with `$metadata`, also when there was no answer. */
function isAwsError(error: unknown): error is AwsError {
  return error instanceof Error && ("$metadata" in error || noCredentials.test(error.name));
}

const passing = (words: string): AwsFault => ({ words, mayPass: true });
const lasting = (words: string): AwsFault => ({ words, mayPass: false });

function operatorMustAct(server: string, why: string): AwsFault {
  return lasting(`${why}. An operator must change that; docs/${server}.md lists the rights it needs.`);
}

/** It is not known whether AWS did it. */
function withoutAnswer(error: Error): AwsFault {
  const code = "code" in error ? error.code : error.name;
  return passing(
    `AWS did not answer (${code}). Calling again is safe: what was done is found, and not done twice.`,
  );
}

/** The rest of AWS's message names the account and the role. */
function rightIn(message: string): string {
  return message.match(/[a-z][\w-]+:[A-Z]\w+/)?.[0] ?? "this";
}
