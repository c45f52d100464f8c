import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { Problem } from "#units/problems.ts";

/**
 * A segment of a journal is JSON lines in frames: a line that says how many bytes and lines follow and their checksum, then these. A frame is
 * what was made durable in one step, so after a crash it is there whole or was never acknowledged. Whatever reads JSON lines can read a
 * segment: the frames' own lines have none of the columns.
 */
export function frameHead(lines: readonly Buffer[], rows: number): Buffer {
  let crc = seed(rows);
  let bytes = 0;
  for (const chunk of lines) {
    crc = crc32(chunk, crc);
    bytes += chunk.length;
  }
  return Buffer.from(`{"frame":{"bytes":${bytes},"rows":${rows},"crc":"${hex(crc)}"}}\n`);
}

/** The number of rows is part of what the checksum is of. */
const seed = (rows: number): number => crc32(String(rows));
const hex = (crc: number): string => crc.toString(16).padStart(8, "0");
const HEAD = /^\{"frame":\{"bytes":(\d{1,9}),"rows":(\d{1,9}),"crc":"([0-9a-f]{8})"\}\}\n/;
const HEAD_START = Buffer.from('{"frame":{"bytes":');
const LONGEST_HEAD = 80;

/** What a segment holds. */
export interface ScannedSegment {
  readonly rows: number;
  /** Bytes of whole frames from its start on. */
  readonly sound: number;
  readonly bytes: number;
}

/**
 * Reads a segment to the end of its last whole frame and looks at every checksum.
 * @throws Problem "journal-damaged" if whole frames follow one that is not: then it is not just cut off
 */
export async function scanSegment(file: string): Promise<ScannedSegment> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    let [sound, rows] = [0, 0];
    while (sound < size) {
      const frame = await frameAt(handle, sound);
      if (frame === undefined) break;
      sound += frame.bytes;
      rows += frame.rows;
    }
    if (sound < size) await refuseLaterFrames(handle, file, sound, size);
    return { rows, sound, bytes: size };
  } finally {
    await handle.close();
  }
}

async function frameAt(
  handle: FileHandle,
  position: number,
): Promise<{ rows: number; bytes: number } | undefined> {
  const [head, bytes = "", rows = "", crc = ""] =
    HEAD.exec((await read(handle, position, LONGEST_HEAD)).toString("latin1")) ?? [];
  if (head === undefined) return undefined;
  const lines = await read(handle, position + head.length, Number(bytes));
  if (lines.length !== Number(bytes) || hex(crc32(lines, seed(Number(rows)))) !== crc) return undefined;
  return { rows: Number(rows), bytes: head.length + lines.length };
}

/** A write that was under way at a crash is the last one; sound frames behind a broken one were acknowledged, as it was. */
async function refuseLaterFrames(
  handle: FileHandle,
  file: string,
  position: number,
  size: number,
): Promise<void> {
  const rest = await read(handle, position, size - position);
  for (let at = rest.indexOf(HEAD_START, 1); at !== -1; at = rest.indexOf(HEAD_START, at + 1)) {
    if ((await frameAt(handle, position + at)) === undefined) continue;
    throw new Problem("journal-damaged", `${file} is damaged at byte ${position}.`, { at: { file } });
  }
}

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
