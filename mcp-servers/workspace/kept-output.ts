// What a command printed, as a file beside the checkout, for those outputs that are too long to be shown at once.
import { randomUUID } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ToolFailure } from "../../shared/errors.ts";

/** Of one output, and of all that a workspace keeps: the oldest go first. */
export type OutputLimits = { eachBytes: number; allBytes: number };

/** The directory of them. */
type Outputs = { outputs: string };

export type KeptOutput = { id: string; keptBytes: number; bytes: number };

/** Begins to write only when there is more than `shown` bytes. Call `end` when the command has ended, however it did. */
export function keepOutput({ outputs }: Outputs, shown: number, { eachBytes }: OutputLimits) {
  const id = `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;
  const beginning: Uint8Array[] = [];
  let bytes = 0;
  let keptBytes = 0;
  let isFull = false;
  let file: number | undefined;

  function write(chunk: Uint8Array): void {
    bytes += chunk.byteLength;
    if (file === undefined || isFull) return;
    try {
      // At once, in place of a stream: a command that prints faster than the disk writes would fill the memory.
      keptBytes += writeSync(file, chunk.subarray(0, eachBytes - keptBytes));
      isFull = keptBytes === eachBytes;
    } catch {
      // The disk has no room: what was written until then is kept, and the command is none the worse for it.
      isFull = true;
    }
  }

  return {
    add(chunk: Uint8Array): void {
      if (file === undefined && bytes + chunk.byteLength <= shown) beginning.push(Uint8Array.from(chunk));
      else if (file === undefined) {
        file = openSync(join(outputs, id), "wx", 0o600);
        bytes = 0;
        for (const earlier of beginning.splice(0)) write(earlier);
      }
      write(chunk);
    },
    /** Undefined when all of it can be shown. */
    end(): KeptOutput | undefined {
      if (file === undefined) return undefined;
      closeSync(file);
      return { id, bytes, keptBytes };
    },
  };
}

/** Makes room for one more output. */
export async function removeOldOutputs({ outputs }: Outputs, limits: OutputLimits): Promise<void> {
  await mkdir(outputs, { recursive: true });
  let room = limits.allBytes - limits.eachBytes;
  // An id begins with its time.
  for (const id of (await readdir(outputs)).sort().reverse()) {
    room -= (await stat(join(outputs, id))).size;
    if (room < 0) await rm(join(outputs, id), { force: true });
  }
}

/** Reads a part of what was kept, from a byte on. */
export async function readKeptOutput(
  { outputs }: Outputs,
  id: string,
  { offset, length }: { offset: number; length: number },
) {
  if (!/^[a-z0-9]+-[a-f0-9]{8}$/.test(id)) throw notThere(id);
  await using file = await open(join(outputs, id)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? notThere(id) : error;
  });
  const { size } = await file.stat();
  if (offset > 0 && offset >= size)
    throw new ToolFailure(`The output ${id} has ${size} bytes. Give an offset below that.`);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  const isEnd = offset + bytesRead >= size;
  const part = buffer.subarray(0, isEnd ? bytesRead : wholeCharacters(buffer, bytesRead));
  return { text: part.toString("utf8"), next: isEnd ? undefined : offset + part.byteLength, size };
}

/** How many of the bytes end with a whole character of UTF-8. Of what is no UTF-8, all. */
function wholeCharacters(buffer: Buffer, length: number): number {
  for (let back = 1; back <= Math.min(3, length - 1); back++) {
    const byte = buffer[length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const needs = byte >= 0xf8 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? length - back : length;
  }
  return length;
}

function notThere(id: string): ToolFailure {
  return new ToolFailure(
    `There is no output ${JSON.stringify(id.slice(0, 50))}: runCommand names those that are kept, and the oldest are removed. Run the command again.`,
  );
}
