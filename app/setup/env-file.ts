// Keeps variables in a `.env`: what is there stays, and only this user can read it.
import { constants } from "node:fs";
import { access, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { parseEnv } from "node:util";
import { messageOf } from "../../shared/errors.ts";
import type { CredentialStore } from "./credential-store.ts";

export function envFileStore(path: string): CredentialStore {
  return {
    place: path,
    async fault() {
      try {
        const target = await targetOf(path);
        await access(dirname(target), constants.W_OK);
        withVariables(await read(target), {});
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    },
    async keep(variables) {
      const target = await targetOf(path);
      await replaceFile(target, withVariables(await read(target), variables));
    },
  };
}

/**
 * The file's text with these variables in it, each in the place that it had. Throws instead of giving a text in which any other
 * variable has another value.
 */
export function withVariables(text: string, variables: Record<string, string>): string {
  const entries = Object.entries(variables);
  const changed = entries.reduce((before, [name, value]) => withVariable(before, name, quoted(value)), text);
  const expected = { ...parseEnv(text), ...variables };
  const got = parseEnv(changed);
  const wrong = Object.keys({ ...expected, ...got }).filter((name) => expected[name] !== got[name]);
  if (wrong.length === 0) return changed;
  throw new Error(`These lines can't be changed safely: ${wrong.join(", ")}. Take them out by hand.`);
}

function withVariable(text: string, name: string, value: string): string {
  const assignment = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*${anyValue}`, "gm");
  const line = `${name}=${value}`;
  if (assignment.test(text)) return text.replaceAll(assignment, () => line);
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}

/** Quoted values may have several lines. */
const anyValue = "(?:\"[^\"]*\"|'[^']*'|`[^`]*`|[^\\n]*)";

/** Line breaks are written out, so that other readers of such files understand them, too. */
function quoted(value: string): string {
  if (/^[\w.:/-]*$/.test(value)) return value;
  return `"${value.replaceAll("\n", "\\n")}"`;
}

async function targetOf(path: string): Promise<string> {
  return realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return path;
    throw error;
  });
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

/** Whoever reads the file meanwhile, or after a crash, finds the old text or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
