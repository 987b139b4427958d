// Replies in the language that the repository's file, or its owner's, asks for.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { commitFiles as pushFiles } from "../../local/github/testing/commit-files.ts";
import { type FrontDoor, openFrontDoor } from "../../test/open-front-door.ts";
import { commitFiles } from "../../test/system.ts";

let door: FrontDoor;
afterEach(() => door?.close());

const configFile = ".github/afu9.yml";
const open = async (config: string) => {
  door = await openFrontDoor({ files: { [configFile]: config } });
};

/** People write to one issue, one after the other. Gives the reply to each. */
async function say(...comments: [Parameters<FrontDoor["comment"]>[0], string][]): Promise<string[]> {
  const issue = await door.open();
  for (const [person, text] of comments) {
    await door.comment(person, issue, text);
    await door.settle();
  }
  return door.replies(issue);
}

test("in German: what is unknown, misread or not allowed, help, status and what waits for nobody", async () => {
  await open("language: de\n");
  const [unknown, misread, refused, help, one, nothing, decided] = await say(
    ["read", "/afu9 rnu"],
    ["write", "/afu9 cancel please"],
    ["read", "/afu9 run"],
    ["read", "/afu9 help"],
    ["read", "/afu9 help pause"],
    ["read", "/afu9 status\n/afu9 why"],
    ["admin", "/afu9 config\n/afu9 workflows"],
  );
  expect(unknown).toContain(
    "> /afu9 rnu\n\n`/afu9 rnu` gibt es nicht. Meinten Sie `run`? `/afu9 help` zeigt, was es gibt.",
  );
  expect(misread).toContain("Das kann ich nicht lesen: dahinter gehört nichts, da steht aber `please`.");
  expect(misread).toContain("So geht es: `/afu9 cancel`.");
  expect(refused).toContain(
    "Das starten kann ich so nicht: Dafür ist in diesem Repository die Rolle `write` nötig, und Ihre ist `read`.",
  );
  expect(help).toContain("| `/afu9 pause` | Anhalten, wo es ist, bis `resume`");
  expect(help).toContain("Ein Befehl steht in einer eigenen Zeile");
  expect(one).toContain("Geht bei Issues und Pull Requests, für alle mit der Rolle `write`.");
  expect(nothing).toContain("Hier ist noch nichts gelaufen.");
  expect(nothing).toContain("- `/afu9 run` in einem Kommentar");
  expect(decided).toMatch(/\| `language` \| `de` \| \[Datei dieses Repositorys\]\(.*#L1\) \|/);
  expect(decided).toContain("| Workflow | was er tut | gestartet durch |");
});

test("in German: how an execution stands, what it cost, and what can't be done with it; rows are in English", async () => {
  await open("language: de\n");
  const issue = await door.open();
  await door.comment("write", issue, "/afu9 run");
  await door.settle();
  await door.comment("write", issue, "/afu9 run\n/afu9 status\n/afu9 budget\n/afu9 resume\n/afu9 steer");
  await door.settle();
  const [answer] = await door.replies(issue);
  const [{ id } = { id: "" }] = await door.executions(issue);
  expect(answer).toContain(`Ich arbeite schon an diesem Issue (Ausführung \`${id}\`).`);
  expect(answer).toContain("**Es beginnt gleich**");
  expect(answer).toContain(`0 Runden, 0,0000\u00A0$, Ausführung \`${id}\``);
  expect(answer).toContain("| diese Ausführung | 0,00\u00A0$ | 5,00\u00A0$ | 0 | 20.000.000 |");
  expect(answer).toContain("Es lässt sich nicht fortsetzen: Es ist nicht angehalten, sondern eingereiht.");
  expect(answer).toContain("`text` fehlt");
  const decisions = await door.db.prisma.triggerDecision.findMany({ where: { issueNumber: issue } });
  expect(decisions.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([expect.stringContaining("I'm already working on this issue")]),
  );
});

test("a label that is refused is answered in German", async () => {
  await open("language: de\nroles: { label: maintain }\n");
  const issue = await door.open();
  await door.label("write", issue, "afu9");
  await door.settle();
  expect(await door.replies(issue)).toEqual([
    expect.stringContaining("Auf das Label `afu9` hin starten kann ich so nicht: Dafür ist"),
  ]);
});

test("the owner's file sets it, and the repository's own goes above that", async () => {
  await open("labels: { start: robot }\n");
  const folder = await mkdtemp(join(tmpdir(), "afu9-owner-"));
  const from = await commitFiles(folder, { [configFile]: "language: de\n" });
  await door.github.createRepository({ owner: door.at.owner, name: ".github", from });
  await rm(folder, { recursive: true });
  expect(await say(["read", "/afu9 nope"])).toEqual([expect.stringContaining("`/afu9 nope` gibt es nicht.")]);

  await pushFiles(door.people.admin, door.at, { [configFile]: "language: en\n" });
  await door.settle();
  expect(await say(["read", "/afu9 nope"])).toEqual([expect.stringContaining("There is no `/afu9 nope`.")]);
});

test("a language that there is not leaves English", async () => {
  await open("language: fr\n");
  const [answer] = await say(["read", "/afu9 config"]);
  expect(answer).toContain("`.github/afu9.yml` can't be used as it is now. What holds without it, holds.");
  expect(answer).toContain("1: language: ");
});
