// Who asks? An Authorization header becomes an actor, or a 401 in GitHub's words.
import { decodeJwt, errors, jwtVerify } from "jose";
import type { Actor, App, Hub, Installation } from "../hub.ts";
import { Problem } from "../rest/problem.ts";

export async function identify(hub: Hub, header: string | undefined): Promise<Actor> {
  if (!header) return { kind: "anonymous" };
  const [scheme = "", credential = ""] = header.split(/\s+/);
  if (scheme.toLowerCase() === "basic") return actorOfToken(hub, passwordOf(credential));
  if (!/^(bearer|token)$/i.test(scheme)) throw badCredentials();
  if (credential.split(".").length === 3) return { kind: "app", app: await verifyAppJwt(hub, credential) };
  return actorOfToken(hub, credential);
}

export function badCredentials(): Problem {
  return new Problem(401, "Bad credentials");
}

/** Git sends the token as the password, with any user name. */
function passwordOf(credential: string): string {
  const pair = Buffer.from(credential, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}

function actorOfToken(hub: Hub, value: string): Actor {
  const token = hub.tokens.get(value);
  if (!token) throw badCredentials();
  if (token.kind === "user") return { kind: "user", account: token.account };
  if (token.expiresAt <= Date.now()) throw badCredentials();
  refuseSuspended(token.installation);
  return { kind: "installation", token };
}

/** A suspended installation gets no token, and those that it has are of no use. */
export function refuseSuspended({ suspendedAt }: Installation): void {
  if (suspendedAt) throw new Problem(403, "This installation has been suspended");
}

const undecodable = "A JSON web token could not be decoded";
const tenMinutes = 600;

async function verifyAppJwt(hub: Hub, jwt: string): Promise<App> {
  const app = appNamedIn(hub, jwt);
  const verified = await jwtVerify(jwt, app.publicKey, { algorithms: ["RS256"] }).catch((error: unknown) => {
    throw new Problem(401, jwtMessage(error));
  });
  const { exp, iat } = verified.payload;
  const seconds = Math.floor(Date.now() / 1000);
  if (exp === undefined) throw new Problem(401, expirationMessage);
  if (exp > seconds + tenMinutes) {
    throw new Problem(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (iat === undefined || iat > seconds + 60) throw new Problem(401, issuedAtMessage);
  return app;
}

const expirationMessage =
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
const issuedAtMessage =
  "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";

function jwtMessage(error: unknown): string {
  if (error instanceof errors.JWTExpired) return expirationMessage;
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "exp") return expirationMessage;
  return undecodable;
}

function appNamedIn(hub: Hub, jwt: string): App {
  const issuer = String(issuerOf(jwt));
  const app = hub.apps.find(({ id, clientId }) => String(id) === issuer || clientId === issuer);
  if (!app) throw new Problem(404, "Integration not found");
  return app;
}

function issuerOf(jwt: string): unknown {
  try {
    return decodeJwt(jwt).iss;
  } catch {
    throw new Problem(401, undecodable);
  }
}
