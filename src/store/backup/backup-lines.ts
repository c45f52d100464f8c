import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Problem } from "#units/problems.ts";
import { LONGEST_CONTENT } from "#store/checked-text.ts";
import { fileFault } from "./file-fault.ts";

/** A line of a backup. */
export interface BackupLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** SHA-256 of all bytes before the line, in hexadecimal; to be asked before the next line. */
  readonly hashBefore: () => string;
}

/** The largest content, in letters of three bytes, with every quote of it escaped. */
const LONGEST_LINE_BYTES = LONGEST_CONTENT * 6;
const NEWLINE = 10;

/**
 * The lines of a file, one in memory at a time; each ends with a newline.
 * @throws Problem "backup-invalid" for a line that is too long or not UTF-8, or text behind the last newline; "source-not-found", …
 */
export async function* backupLines(file: string): AsyncGenerator<BackupLine> {
  const hash = createHash("sha256");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 0;
  for await (const bytes of byteLines(file)) {
    number += 1;
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch (cause) {
      throw invalidBackup(file, number, "it is not UTF-8", cause);
    }
    yield { number, text, hashBefore: () => hash.copy().digest("hex") };
    hash.update(bytes).update("\n");
  }
}

/** What makes a file no backup. */
export const invalidBackup = (file: string, line: number, why: string, cause?: unknown): Problem =>
  new Problem("backup-invalid", `${file}, line ${line}: ${why}.`, { at: { file, line }, cause });

async function* byteLines(file: string): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  let lines = 0;
  for await (const chunk of chunksOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...pieces, chunk.subarray(start, end)]);
      lines += 1;
      [pieces, length, start] = [[], 0, end + 1];
    }
    pieces.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE_BYTES) throw invalidBackup(file, lines + 1, "it is longer than any of ours");
  }
  if (length > 0) throw invalidBackup(file, lines + 1, "it ends in its middle");
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw fileFault(cause, file);
  }
}
