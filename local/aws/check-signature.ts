// Signature Version 4: who signed a request, and whether they know the key's secret.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsFault, type Protocol } from "./service.ts";
import type { World } from "./world.ts";

type Signed = { method: string; url: URL; headers: Headers; body: string; protocol: Protocol };
type Scope = { accessKeyId: string; date: string; region: string; service: string };

/** Says which service a request is signed for and by which key. Throws AWS's own faults for what it does not believe. */
export function checkSignature(request: Signed, { keys }: World): Scope {
  const { scope, signedHeaders, signature } = readAuthorization(request.headers.get("authorization"));
  const key = keys.get(scope.accessKeyId);
  if (!key) throw unknownKey(request.protocol);
  const expected = sign(request, scope, signedHeaders, key.secretAccessKey);
  if (!isSame(expected, signature)) throw wrongSignature(request.protocol);
  return scope;
}

function readAuthorization(header: string | null) {
  if (!header) throw new AwsFault("MissingAuthenticationToken", "Missing Authentication Token", 403);
  const [, accessKeyId, date, region, service, signedHeaders, signature] =
    header.match(
      /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/,
    ) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature) {
    throw new AwsFault(
      "IncompleteSignature",
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.",
    );
  }
  return {
    scope: { accessKeyId, date, region, service },
    signedHeaders: signedHeaders.split(";"),
    signature,
  };
}

function sign(
  request: Signed,
  { date, region, service }: Scope,
  signedHeaders: string[],
  secret: string,
): string {
  const { method, url, headers, body } = request;
  const query = [...url.searchParams].map((pair) => pair.map(encode).join("=")).sort();
  const named = signedHeaders.map(
    (name) => `${name}:${headers.get(name)?.trim().replace(/\s+/g, " ") ?? ""}\n`,
  );
  const canonical = [
    method,
    url.pathname,
    query.join("&"),
    named.join(""),
    signedHeaders.join(";"),
    hash(body),
  ];
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", headers.get("x-amz-date"), scope, hash(canonical.join("\n"))].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isSame(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

function unknownKey(protocol: Protocol): AwsFault {
  const message = "The security token included in the request is invalid.";
  if (protocol === "query") return new AwsFault("InvalidClientTokenId", message, 403);
  return new AwsFault("UnrecognizedClientException", message);
}

function wrongSignature(protocol: Protocol): AwsFault {
  const message =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.";
  if (protocol === "query") return new AwsFault("SignatureDoesNotMatch", message, 403);
  return new AwsFault("InvalidSignatureException", message);
}
