// A capability says what one caller may do with the MCP servers, and nothing else does: it names the execution,
// one repository and the tools. It is a JWT signed with the secret that worker and servers share.
import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";

const audience = "afu9-mcp";

export const Capability = z.object({
  /** The execution that the caller works for. The workspace server keeps one checkout for each. */
  execution: z.string().min(1),
  /** The one repository that arguments may name. */
  repository: z.object({
    owner: z.string(),
    repo: z.string(),
    /** GitHub's numeric id: it stays when the repository gets another name or owner. */
    id: z.number().int().optional(),
  }),
  /** The App's installation that covers the repository. */
  installation: z.number().int(),
  /** Tools by their full name, `github.getIssue`. */
  tools: z.array(z.string()),
});
export type Capability = z.infer<typeof Capability>;

/** Signs a capability that is valid for `ttlSeconds`. */
export async function signCapability(
  capability: Capability,
  secret: string,
  ttlSeconds: number,
): Promise<string> {
  return new SignJWT({ ...capability })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${ttlSeconds}s`)
    .sign(await keyOf(secret));
}

/** Reads a capability. While the secret rotates two are valid. Gives undefined for any token that is not valid. */
export async function verifyCapability(token: string, secrets: string[]): Promise<Capability | undefined> {
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(token, await keyOf(secret), { audience, algorithms: ["HS256"] });
      return Capability.parse(payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError || error instanceof z.ZodError)) throw error;
    }
  }
  return undefined;
}

type Key = Awaited<ReturnType<typeof importKey>>;
/** A process knows one secret, or two while it rotates. To import one takes as long as to sign. */
const keys = new Map<string, Promise<Key>>();

function keyOf(secret: string): Promise<Key> {
  const key = keys.get(secret) ?? importKey(secret);
  keys.set(secret, key);
  return key;
}

function importKey(secret: string) {
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}
