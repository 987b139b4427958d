// What AWS answered when it did not do as asked, in words for whoever called. AWS's own words are kept where they say what
// to do about it, and go to the log otherwise: they name users, keys and addresses.
import { ECSServiceException } from "@aws-sdk/client-ecs";
import { ToolFailure } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { isMeantForCaller } from "../tool.ts";

const throttled = /throttl|toomanyrequests|requestlimitexceeded|slowdown|UpdateInProgress/i;
const notAllowed = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)$/;
const badCredentials =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|ExpiredToken|ExpiredTokenException|IncompleteSignature|MissingAuthenticationToken)$/;
const noCredentials = /^(CredentialsProviderError|ProviderError|TokenProviderError)$/;

export function inOurWords(error: unknown, tool: string, log: Logger): unknown {
  if (isMeantForCaller(error) || !(error instanceof Error)) return error;
  if (noCredentials.test(error.name))
    return operatorMustAct(tool, "the deploy server has no AWS credentials");
  if (!(error instanceof ECSServiceException)) return withoutAnswer(error, log);

  const { name, message, $metadata } = error;
  log.warn({ aws_error: name, aws_message: message, request: $metadata.requestId }, "AWS refused");
  if (throttled.test(name))
    return new Error(`AWS asks to wait (${name}). The same call may work in a minute.`);
  if (($metadata.httpStatusCode ?? 0) >= 500) return new Error(`AWS has a fault of its own (${name}).`);
  if (badCredentials.test(name)) {
    return operatorMustAct(tool, `AWS does not accept the deploy server's credentials (${name})`);
  }
  if (notAllowed.test(name)) {
    const [action = "this"] = message.match(/[a-z][\w-]+:[A-Z]\w+/) ?? [];
    return operatorMustAct(tool, `AWS does not allow the deploy server ${action}`);
  }
  return new ToolFailure(`${tool} could not be done: AWS answered ${name}, ${message.slice(0, 500)}`);
}

function operatorMustAct(tool: string, why: string): ToolFailure {
  return new ToolFailure(
    `${tool} could not be done: ${why}. An operator must change that; docs/deploy.md lists the rights it needs.`,
  );
}

/** The SDK marks what it throws. Without an answer it is not known whether AWS did it. Anything else is a fault of our own. */
function withoutAnswer(error: Error, log: Logger): Error {
  if (!("$metadata" in error)) return error;
  const code = "code" in error ? error.code : error.name;
  log.warn({ error }, "AWS did not answer");
  return new Error(
    `AWS did not answer (${code}). Calling again is safe: what was done is found, and not done twice.`,
  );
}
