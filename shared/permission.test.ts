import { expect, test } from "@jest/globals";
import { type AskingRole, roleOf } from "./permission.ts";
import { covers, type Role, roles } from "./role.ts";

const repository = { owner: "acme", repo: "sample" };
const person = { id: 7, login: "pat" };
const asked: unknown[] = [];

/** An Octokit that answers the one question with this. */
function octokitWith(answer: () => Promise<unknown>): AskingRole {
  const getCollaboratorPermissionLevel = (parameters: unknown) => {
    asked.push(parameters);
    return answer();
  };
  return { rest: { repos: { getCollaboratorPermissionLevel } } } as unknown as AskingRole;
}
const saying = (data: object) => octokitWith(async () => ({ data }));
const failing = (status: number) =>
  octokitWith(async () => {
    throw Object.assign(new Error("no"), { status });
  });

test.each<[string, object, Role]>([
  ["triage is told apart from read", { role_name: "triage", permission: "read", user: { id: 7 } }, "triage"],
  [
    "maintain is told apart from write",
    { role_name: "maintain", permission: "write", user: { id: 7 } },
    "maintain",
  ],
  [
    "a custom role counts as what it builds on",
    { role_name: "release-captain", permission: "write", user: { id: 7 } },
    "write",
  ],
  [
    "a custom role that builds on something new counts as none",
    { role_name: "x", permission: "y", user: { id: 7 } },
    "none",
  ],
  [
    "who has the name now, with another id, has no role",
    { role_name: "admin", permission: "admin", user: { id: 8 } },
    "none",
  ],
  [
    "an answer that names nobody gives no role",
    { role_name: "admin", permission: "admin", user: null },
    "none",
  ],
])("%s", async (_name, answer, role) => {
  expect(await roleOf(saying(answer), repository, person)).toBe(role);
  expect(asked.at(-1)).toEqual({ ...repository, username: "pat" });
});

test("who is no collaborator has no role", async () => {
  expect(await roleOf(failing(404), repository, person)).toBe("none");
});

test("when GitHub can't say, nobody decides", async () => {
  await expect(roleOf(failing(502), repository, person)).rejects.toThrow("no");
});

test("a role has the rights of those before it, and not of those after it", () => {
  for (const [index, role] of roles.entries()) {
    for (const [neededIndex, needed] of roles.entries())
      expect(covers(role, needed)).toBe(index >= neededIndex);
  }
});
