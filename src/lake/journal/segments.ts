import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { syncPath } from "#lake/snapshot.ts";
import { scanSegment } from "./frames.ts";

/** The folder of a table's journal. */
export const journalFolder = (data: string, table: string): string => path.resolve(data, "journal", table);

/** A segment is written to under one name and, when nothing more comes, gets the other. */
const [OPEN, SEALED] = [".open", ".jsonl"];
const NAME = /^\d{8}-[0-9a-f]{8}\.(open|jsonl)$/;

/** A segment that nothing more is written to. */
export interface Segment {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** A name that no segment ever had: the number orders, the rest keeps names apart once older segments are gone. */
export async function nextSegment(folder: string): Promise<string> {
  const numbers = (await namesIn(folder)).map((name) => Number(name.slice(0, 8)));
  const number = Math.max(0, ...numbers) + 1;
  return path.join(folder, `${String(number).padStart(8, "0")}-${randomBytes(4).toString("hex")}${OPEN}`);
}

/** The segments that nothing more is written to, oldest first. */
export async function sealedSegments(folder: string): Promise<Segment[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith(SEALED)).sort();
  const found = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { name, file, bytes: (await sizeOf(file)) ?? 0 };
    }),
  );
  return found.filter(({ bytes }) => bytes > 0);
}

/** Bytes that wait in a journal, the open segment's among them. */
export async function waitingBytes(folder: string): Promise<number> {
  const sizes = await Promise.all((await namesIn(folder)).map((name) => sizeOf(path.join(folder, name))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** Says that nothing more comes to a segment; durable when it returns. */
export async function sealSegment(file: string): Promise<void> {
  await rename(file, file.slice(0, -OPEN.length) + SEALED);
  await syncPath(path.dirname(file));
}

/**
 * Seals what a process that ended left open, without what was cut off: that was never acknowledged. Only the process that holds the journal
 * may call it. A damaged segment is sealed as it is, so that it holds up nothing and is named when the others are compacted.
 */
export async function sealLeftovers(folder: string): Promise<void> {
  for (const name of (await namesIn(folder)).filter((each) => each.endsWith(OPEN))) {
    const file = path.join(folder, name);
    const scanned = await scanSegment(file).catch(() => undefined);
    if (scanned?.sound === 0) {
      await rm(file);
      continue;
    }
    if (scanned !== undefined && scanned.sound < scanned.bytes) await cutOff(file, scanned.sound);
    await sealSegment(file);
  }
}

async function cutOff(file: string, bytes: number): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes segments whose events are in the lake. */
export async function removeSegments(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(path.join(folder, name), { force: true });
}

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).then(
    (names) => names.filter((name) => NAME.test(name)),
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return [];
      throw cause;
    },
  );

/** undefined if there is no such file: the lake's writer may just have removed it. */
const sizeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ size }) => size,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined;
      throw cause;
    },
  );
