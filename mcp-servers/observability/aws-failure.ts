// What a caller is told when AWS does not answer as hoped: what to do about it, and no stack, account or credential.
import { ToolFailure } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";

type AwsError = Error & { $metadata?: { httpStatusCode?: number; requestId?: string } };

const maxMessage = 500;
const badCredentials =
  /^(CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)/;
const notThere = /^(NotFound|ResourceNotFound|TargetGroupNotFound|ClusterNotFound|ServiceNotFound)/;
const notAllowed = /AccessDenied|UnauthorizedOperation|NotAuthorized/;
const mayPass = /Throttl|TooManyRequests|LimitExceeded|RequestTimeout/;

/**
 * `what` says what could not be done, such as "searchLogs could not be done". What may pass becomes an `Error`, anything else a
 * `ToolFailure`. An error of another origin is given back as it is. AWS's own words go to the log.
 */
export function toAwsFailure(error: unknown, what: string, log: Logger): unknown {
  if (!isAwsError(error) || error.name === "AbortError") return error;
  const { name, message, $metadata: { httpStatusCode: status, requestId } = {} } = error;
  log.warn({ aws_error: name, aws_message: message, request: requestId }, "AWS refused");
  if (badCredentials.test(name))
    return new ToolFailure(`${what}: ${operatorMust("look at it", credentials)}`);
  if (status === undefined || status >= 500 || status === 429 || mayPass.test(name))
    return new Error(`${what}: AWS can't answer now (${name}).`);
  if (notAllowed.test(name)) return new ToolFailure(`${what}: ${missingRight(message)}`);
  if (notThere.test(name)) return new ToolFailure(`${what}: It does not exist. Check the name.`);
  return new ToolFailure(`${what}: AWS refuses it (${name}): ${message.slice(0, maxMessage)}`);
}

/** The SDK marks what went wrong between it and AWS with `$metadata`, also when there was no answer. */
function isAwsError(error: unknown): error is AwsError {
  return error instanceof Error && ("$metadata" in error || error.name === "CredentialsProviderError");
}

const credentials = "This server's AWS credentials are missing or not valid any more.";

/** The message itself names the account and the role. */
function missingRight(message: string): string {
  const [right = "to do this"] = message.match(/[a-z][\w-]+:[A-Z]\w+/) ?? [];
  return operatorMust("add it to the server's IAM role", `This server lacks the right ${right}.`);
}

function operatorMust(act: string, why: string): string {
  return `${why} An operator must ${act}; docs/observability.md lists the rights it needs.`;
}
