// What a caller is told when AWS does not answer as hoped: what to do about it, and no stack, account or credential.
import { ToolFailure } from "../shared/errors.ts";

type AwsError = Error & { $metadata?: { httpStatusCode?: number }; $retryable?: unknown };

const words: [RegExp, string][] = [
  [
    /^(CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch)/,
    "This server's AWS credentials are missing or not valid any more. An operator must look at it.",
  ],
  [
    /^(NotFound|ResourceNotFound|TargetGroupNotFound|ClusterNotFound|ServiceNotFound)/,
    "It does not exist. Check the name.",
  ],
];

/**
 * `what` says what could not be done, such as "The log group /ecs/shop could not be read". What may pass becomes an `Error`,
 * anything else a `ToolFailure`. An error of another origin is given back as it is.
 */
export function toAwsFailure(error: unknown, what: string): unknown {
  if (!isAwsError(error)) return error;
  if (mayPass(error)) return new Error(`${what}: AWS can't answer now (${error.name}).`);
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized/.test(error.name))
    return new ToolFailure(`${what}: ${missingRight(error.message)}`);
  const advice = words.find(([name]) => name.test(error.name))?.[1];
  return new ToolFailure(`${what}: ${advice ?? `AWS refuses it (${error.name}): ${error.message}`}`);
}

function isAwsError(error: unknown): error is AwsError {
  return error instanceof Error && ("$metadata" in error || error.name === "CredentialsProviderError");
}

function mayPass({ name, $metadata, $retryable }: AwsError): boolean {
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return name !== "CredentialsProviderError";
  return (
    status >= 500 ||
    status === 429 ||
    $retryable !== undefined ||
    /Throttl|TooManyRequests|LimitExceeded|RequestTimeout/.test(name)
  );
}

/** The message itself names the account and the role. */
function missingRight(message: string): string {
  const [, right] = message.match(/not authorized to perform:? ([\w-]+:\w+)/) ?? [];
  return `This server lacks the right ${right ?? "to do this"}. An operator adds it to the server's IAM role.`;
}
