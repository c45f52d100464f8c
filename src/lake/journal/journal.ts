import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { eventLine } from "#facts/event-line.ts";
import type { EventRow, EventTable } from "#facts/event-table.ts";
import { lockLake } from "#lake/lock-lake.ts";
import { syncPath } from "#lake/snapshot.ts";
import { Problem } from "#units/problems.ts";
import { frameHead } from "./frames.ts";
import { journalFolder, nextSegment, sealLeftovers, sealSegment, waitingBytes } from "./segments.ts";

/** Where events wait, durably, until they are made part of the lake. */
export interface Journal {
  /**
   * Keeps events. When it returns they are on the disk, whatever ends the process; all of them or, if it throws, none is acknowledged.
   * @throws Problem "event-invalid"; "journal-full" if more waits than may: the sender is to try again later
   */
  append(rows: readonly EventRow[]): Promise<void>;
  /** Seals the segment that is written to, so that all that was acknowledged can be compacted. */
  seal(): Promise<void>;
  /** Waits for what was appended, and lets the next process in. */
  close(): Promise<void>;
}

/** How much a journal holds. */
export interface JournalLimits {
  /** A segment is sealed once it has this many bytes. */
  readonly segmentBytes: number;
  /** No more is taken once this much waits to be compacted. */
  readonly waitingBytes: number;
  /** No more is taken while this much waits for the disk. */
  readonly unwrittenBytes: number;
}
const MIB = 1024 * 1024;
export const journalLimits: JournalLimits = {
  segmentBytes: 64 * MIB,
  waitingBytes: 4096 * MIB,
  unwrittenBytes: 64 * MIB,
};

/** Written and made durable in one step at most. */
const FRAME_BYTES = 8 * MIB;

interface Waiting {
  readonly lines: Buffer;
  readonly rows: number;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Opens a table's journal for this process alone, and seals what a process before it left.
 * @throws Problem "journal-busy" if this or another process has it
 */
export async function openJournal(
  data: string,
  table: EventTable,
  limits: JournalLimits = journalLimits,
): Promise<Journal> {
  const folder = journalFolder(data, table.name);
  await mkdir(folder, { recursive: true });
  const lock = await lockJournal(folder);
  try {
    await sealLeftovers(folder);
    const writer = new SegmentWriter(folder, table, limits, await waitingBytes(folder));
    return {
      append: (rows) => writer.append(rows),
      seal: () => writer.seal(),
      close: async () => {
        try {
          await writer.seal();
        } finally {
          lock.close();
        }
      },
    };
  } catch (cause) {
    lock.close();
    throw cause;
  }
}

/** The operating system's lock, as the lake's writer has it: it ends with the process. */
export async function lockJournal(folder: string): Promise<{ close(): void }> {
  try {
    return await lockLake(folder, { files: [], spill: path.join(folder, "spill") });
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.code !== "lake-busy") throw cause;
    const [who = ""] = / \(PID \d+\)/.exec(cause.message) ?? [];
    throw new Problem("journal-busy", `Another process${who} has the journal ${folder}.`, {
      at: { file: folder },
      cause,
    });
  }
}

/** Gathers what waits into frames: one write and one sync for all that came while the disk was busy with the one before. */
class SegmentWriter {
  readonly #folder: string;
  readonly #table: EventTable;
  readonly #limits: JournalLimits;
  #waiting: Waiting[] = [];
  #unwritten = 0;
  /** Bytes in all segments; only an upper bound, since what was compacted goes without a word. */
  #kept: number;
  #open: { handle: FileHandle; file: string; bytes: number } | undefined;
  /** What is being written; everything that touches the open segment waits for it. */
  #busy: Promise<void> = Promise.resolve();
  #draining = false;
  #broken: unknown;

  constructor(folder: string, table: EventTable, limits: JournalLimits, kept: number) {
    this.#folder = folder;
    this.#table = table;
    this.#limits = limits;
    this.#kept = kept;
  }

  async append(rows: readonly EventRow[]): Promise<void> {
    if (rows.length === 0) return;
    if (this.#broken !== undefined) throw this.#broken;
    const lines = Buffer.from(rows.map((row) => `${eventLine(this.#table, row)}\n`).join(""));
    this.#unwritten += lines.length;
    await this.#refuseTooMuch(lines.length).catch((cause: unknown) => {
      this.#unwritten -= lines.length;
      throw cause;
    });
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ lines, rows: rows.length, resolve, reject });
      if (!this.#draining) {
        this.#draining = true;
        this.#busy = this.#busy.then(() => this.#drain());
      }
    });
  }

  async seal(): Promise<void> {
    const sealed = this.#busy.then(() => this.#seal());
    this.#busy = sealed.catch(() => {});
    await sealed;
  }

  /** @param bytes of those that are unwritten, the caller's own: they are counted before, since others may come meanwhile */
  async #refuseTooMuch(bytes: number): Promise<void> {
    const { waitingBytes: most, unwrittenBytes } = this.#limits;
    if (this.#unwritten > bytes && this.#unwritten > unwrittenBytes)
      throw new Problem("journal-full", `${this.#folder} is not written as fast as events come in.`);
    if (this.#kept + this.#unwritten <= most) return;
    this.#kept = await waitingBytes(this.#folder);
    if (this.#kept + this.#unwritten <= most) return;
    throw new Problem(
      "journal-full",
      `${Math.round(this.#kept / MIB)} MiB of events wait in ${this.#folder}; no more than ${Math.round(most / MIB)} MiB may.`,
      { at: { file: this.#folder } },
    );
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const frame = this.#nextFrame();
      try {
        await this.#write(frame);
        for (const { resolve } of frame) resolve();
      } catch (cause) {
        for (const { reject } of frame) reject(cause);
      } finally {
        for (const { lines } of frame) this.#unwritten -= lines.length;
      }
    }
    this.#draining = false;
  }

  #nextFrame(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { lines } of this.#waiting) {
      if (count > 0 && bytes + lines.length > FRAME_BYTES) break;
      count++;
      bytes += lines.length;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(frame: readonly Waiting[]): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    const segment = (this.#open ??= await this.#create().catch((cause: unknown) => {
      throw full(cause, this.#folder);
    }));
    const lines = frame.map((each) => each.lines);
    const head = frameHead(
      lines,
      frame.reduce((sum, { rows }) => sum + rows, 0),
    );
    const bytes = lines.reduce((sum, { length }) => sum + length, head.length);
    try {
      await writeAll(segment.handle, Buffer.concat([head, ...lines]), segment.bytes);
      await segment.handle.datasync();
    } catch (cause) {
      await this.#takeBack(segment, cause);
      throw full(cause, this.#folder);
    }
    segment.bytes += bytes;
    this.#kept += bytes;
    // What is acknowledged stays acknowledged: that a segment can't be sealed is the next one's trouble.
    if (segment.bytes >= this.#limits.segmentBytes)
      await this.#seal().catch((cause: unknown) => {
        this.#broken = cause;
      });
  }

  /** A frame that is not whole must not stand before the next one. What a disk that can't sync holds nobody knows. */
  async #takeBack({ handle, bytes }: { handle: FileHandle; bytes: number }, cause: unknown): Promise<void> {
    try {
      await handle.truncate(bytes);
      await handle.datasync();
    } catch {
      this.#broken = cause;
    }
    if ((cause as NodeJS.ErrnoException).syscall?.includes("sync") === true) this.#broken = cause;
  }

  async #create(): Promise<{ handle: FileHandle; file: string; bytes: number }> {
    const file = await nextSegment(this.#folder);
    const handle = await open(file, "wx");
    await syncPath(this.#folder);
    return { handle, file, bytes: 0 };
  }

  async #seal(): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) return;
    this.#open = undefined;
    await segment.handle.close();
    if (segment.bytes === 0) await rm(segment.file);
    else await sealSegment(segment.file);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

function full(cause: unknown, folder: string): unknown {
  if (!["ENOSPC", "EDQUOT", "EFBIG"].includes((cause as NodeJS.ErrnoException).code ?? "")) return cause;
  return new Problem("disk-full", `The disk of ${folder} is full: nothing of this delivery was kept.`, {
    at: { file: folder },
    hint: "Free some space and send it again.",
    cause,
  });
}
