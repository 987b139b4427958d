import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether a signature, `sha256=` and 64 hexadecimal digits, is that of these very bytes by one of the secrets. Each is
 * compared in a time that does not depend on where they differ.
 */
export function isSigned(bytes: Buffer, signature: string | undefined, secrets: string[]): boolean {
  const given = Buffer.from(signature ?? "");
  return secrets.map((secret) => fits(bytes, given, secret)).includes(true);
}

function fits(bytes: Buffer, given: Buffer, secret: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
