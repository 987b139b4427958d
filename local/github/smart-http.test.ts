import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runGit } from "./testing/run-git.ts";
import { openWorld, owner, repo, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const here = { owner, repo };

function address(token: string, name = `${owner}/${repo}`): string {
  return world.url.replace("http://", `http://x-access-token:${token}@`).concat(`/${name}.git`);
}

async function clone(token: string, folder: string): Promise<string> {
  const target = join(world.folder, folder);
  await runGit(world.folder, "clone", "--quiet", address(token), target);
  return target;
}

test("a token that reads contents clones", async () => {
  const folder = await clone(await world.token({ permissions: { contents: "read" } }), "cloned");
  expect(await readFile(join(folder, "README.md"), "utf8")).toBe("# Sample\n");
  expect(await runGit(folder, "branch", "--remotes")).toContain("origin/feature");
});

test("a single commit can be fetched by its SHA, without history", async () => {
  const folder = join(world.folder, "shallow");
  await runGit(world.folder, "init", "--quiet", folder);
  const sha = (await world.github.repository(`${owner}/${repo}`)).branches.feature ?? "";
  await runGit(folder, "fetch", "--quiet", "--depth=1", address(await world.token()), sha);
  expect(await runGit(folder, "rev-list", "--count", "FETCH_HEAD")).toBe("1");
});

test("a push moves the branch, and open pull requests follow", async () => {
  const folder = await clone(await world.token(), "pushing");
  const pull = { ...here, title: "Fix", head: "feature", base: "main" };
  const { data } = await world.octokit.rest.pulls.create(pull);
  await runGit(folder, "checkout", "--quiet", "feature");
  await writeFile(join(folder, "more.txt"), "x".repeat(3_000_000));
  await runGit(folder, "add", ".");
  await runGit(folder, "commit", "--quiet", "-m", "More");
  await runGit(folder, "push", "--quiet", "origin", "feature");
  const sha = await runGit(folder, "rev-parse", "HEAD");

  const { pulls, branches } = await world.github.repository(`${owner}/${repo}`);
  expect([branches.feature, pulls[0]?.head?.sha]).toEqual([sha, sha]);
  const [synchronize] = await world.hooks.until("pull_request.synchronize");
  expect(synchronize?.payload).toMatchObject({ number: data.number, before: data.head.sha, after: sha });
  const [push] = await world.hooks.until("push");
  expect(push?.payload).toMatchObject({
    ref: "refs/heads/feature",
    after: sha,
    forced: false,
    commits: [{ id: sha, message: "More", added: ["more.txt"] }],
    sender: { type: "Bot" },
  });
  expect(await runGit(folder, "ls-remote", "origin", `refs/pull/${data.number}/head`)).toContain(sha);
});

test("a token that only reads contents cannot push", async () => {
  const folder = await clone(await world.token({ permissions: { contents: "read" } }), "reading");
  await runGit(folder, "commit", "--quiet", "--allow-empty", "-m", "Sneak in");
  await expect(runGit(folder, "push", "origin", "main")).rejects.toThrow("403");
});

test("a token without contents, without the repository or revoked sees nothing", async () => {
  const blind = await world.token({ permissions: { issues: "write" } });
  await expect(runGit(world.folder, "ls-remote", address(blind))).rejects.toThrow("not found");
  const token = await world.token();
  await expect(runGit(world.folder, "ls-remote", address(token, `${owner}/unknown`))).rejects.toThrow(
    "not found",
  );
  await world.as(token).rest.apps.revokeInstallationAccessToken();
  await expect(runGit(world.folder, "ls-remote", address(token))).rejects.toThrow("Authentication failed");
});

test("nobody clones what is private, anybody what is public, and nobody pushes there without a token", async () => {
  const open = await world.github.createRepository({
    owner,
    name: "open",
    from: world.source,
    private: false,
  });
  await expect(runGit(world.folder, "ls-remote", world.repository.clone_url)).rejects.toThrow(
    "could not read Username",
  );
  const folder = join(world.folder, "open");
  await runGit(world.folder, "clone", "--quiet", open.clone_url, folder);
  await runGit(folder, "commit", "--quiet", "--allow-empty", "-m", "Graffiti");
  await expect(runGit(folder, "push", "origin", "main")).rejects.toThrow("could not read Username");
});

test("a person pushes with a token of their own", async () => {
  const folder = await clone(world.person.token, "by-hand");
  await runGit(folder, "checkout", "--quiet", "-b", "by-hand");
  await runGit(folder, "commit", "--quiet", "--allow-empty", "-m", "By hand");
  await runGit(folder, "push", "--quiet", "origin", "by-hand");
  const { branches } = await world.github.repository(`${owner}/${repo}`);
  expect(branches["by-hand"]).toBe(await runGit(folder, "rev-parse", "HEAD"));
});
