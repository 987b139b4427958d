import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { envFileStore, withVariables } from "./env-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-env-"));
});
afterAll(() => rm(folder, { recursive: true }));

const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\n-----END RSA PRIVATE KEY-----\n";

test("variables take the place that they had, and everything else stays as it is", () => {
  const before = `# mine\nAPP_ID=\nOTHER='a "b" $c'\nPRIVATE_KEY="old\nkey"\n#WEBHOOK_SECRET=no\nLAST=1`;
  const after = withVariables(before, { APP_ID: "7", PRIVATE_KEY: pem, WEBHOOK_SECRET: "s3" });
  expect(after.split("\n").slice(0, 3)).toEqual(["# mine", "APP_ID=7", `OTHER='a "b" $c'`]);
  expect(after).toContain("#WEBHOOK_SECRET=no\nLAST=1\nWEBHOOK_SECRET=s3\n");
  expect(parseEnv(after)).toEqual({
    APP_ID: "7",
    OTHER: 'a "b" $c',
    PRIVATE_KEY: pem,
    WEBHOOK_SECRET: "s3",
    LAST: "1",
  });
});

test("a file in which another variable would change is left alone", () => {
  const tricky = "NOTE='APP_ID is below:\nAPP_ID=1\n'\n";
  expect(() => withVariables(tricky, { APP_ID: "2" })).toThrow("can't be changed safely");
  expect(() => withVariables("", { APP_ID: 'a"b' })).toThrow("can't be changed safely: APP_ID");
});

test("the file is only this user's, also when it was not before, and a link to it stays a link", async () => {
  const [target, link] = [join(folder, "real"), join(folder, ".env")];
  await writeFile(target, "A=1\n", { mode: 0o644 });
  await symlink(target, link);
  const store = envFileStore(link);
  expect(await store.fault()).toBeUndefined();
  await store.keep({ APP_ID: "7" });
  expect(await readFile(target, "utf8")).toBe("A=1\nAPP_ID=7\n");
  expect((await stat(target)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).sort()).toEqual([".env", "real"]);
});

test("a place that can't be written is known before anything is to be kept there", async () => {
  expect(await envFileStore(join(folder, "nowhere/.env")).fault()).toContain("ENOENT");
  const occupied = join(folder, "directory");
  await mkdir(occupied);
  expect(await envFileStore(occupied).fault()).toContain("EISDIR");
  expect(await envFileStore(join(folder, "new.env")).fault()).toBeUndefined();
});
