import type { EventTable } from "#facts/event-table.ts";
import { addEvents, partName } from "#lake/events/add-events.ts";
import { mergeMonths } from "#lake/events/event-months.ts";
import { eventsOf, withEvents } from "#lake/events/event-days.ts";
import { type ComputeEvents, nothingComputed } from "#lake/events/compute-sql.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { scanSegment } from "#lake/journal/frames.ts";
import { type Journal, lockJournal } from "#lake/journal/journal.ts";
import {
  journalFolder,
  removeSegments,
  sealedSegments,
  sealLeftovers,
  type Segment,
  waitingBytes,
} from "#lake/journal/segments.ts";
import { publishVersion, readLake } from "#lake/snapshot.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import type { Patience } from "#lake/while-busy.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/** What a compaction did. */
export interface Compacted {
  /** Events read from the journal, those that were new, and those that were in the lake already or came twice. */
  readonly read: number;
  readonly added: number;
  readonly duplicates: number;
  /** Segments that can't be used: they stay where they are, and the others were compacted. */
  readonly damaged: readonly { readonly file: string; readonly why: string }[];
  /** False where another process receives events just now: what it has not sealed yet was left. */
  readonly whole: boolean;
}

export interface CompactOptions {
  readonly now: Instant;
  /** The journal, where this process has it open: what was acknowledged until now is compacted. */
  readonly journal?: Journal;
  /** How computed columns are made; none are if absent. */
  readonly compute?: ComputeEvents;
  /** Told of bytes of the journal that are done. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly onWait?: Patience["onWait"];
}

/** Segments that are read together: more would not be sorted in memory. */
const BATCH_BYTES = 512 * 1024 * 1024;

/**
 * Makes what waits in a table's journal part of the lake, each event once: batch by batch, each seen whole or not at all. A segment is removed
 * once a version that holds its events is in force, and that version names it, so that a kill between the two doubles nothing.
 * @throws Problem "lake-busy", "disk-full"; what was done before stays done
 */
export async function compactEvents(
  data: string,
  table: EventTable,
  options: CompactOptions,
): Promise<Compacted> {
  const folder = journalFolder(data, table.name);
  const whole = await sealAll(folder, options.journal);
  const result = { read: 0, added: 0, duplicates: 0, damaged: [] as { file: string; why: string }[], whole };
  const segments = await sealedSegments(folder);
  if (segments.length === 0) return result;
  const { now, onWait = () => {}, onProgress = () => {}, compute = nothingComputed(table) } = options;
  const files = segments.map(({ file }) => file);
  const writer = await openWriter(data, files, now, onWait).catch((cause: unknown) => {
    throw engineProblem(cause, data);
  });
  try {
    // Another process may have compacted some of them while this one waited for the lake.
    const there = await removeConsumed(data, table, folder);
    const left = segments.filter(({ name }) => there.has(name));
    const total = left.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for (const batch of batches(left)) {
      const { read, added, duplicates, damaged } = await compactBatch(writer, data, table, batch, {
        now,
        compute,
      });
      result.read += read;
      result.added += added;
      result.duplicates += duplicates;
      result.damaged.push(...damaged);
      done += batch.reduce((sum, { bytes }) => sum + bytes, 0);
      onProgress(done, total);
    }
    return result;
  } catch (cause) {
    throw engineProblem(cause, `the journal of ${table.name}`);
  } finally {
    await writer.close();
  }
}

/** @returns false if another process has the journal and goes on writing */
async function sealAll(folder: string, journal: Journal | undefined): Promise<boolean> {
  if (journal !== undefined) {
    await journal.seal();
    return true;
  }
  // A journal that was never written to is not to be made by looking.
  if ((await waitingBytes(folder)) === 0) return true;
  try {
    const lock = await lockJournal(folder);
    try {
      await sealLeftovers(folder);
    } finally {
      lock.close();
    }
    return true;
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "journal-busy") return false;
    throw cause;
  }
}

/** Removes what a kill left of segments that are in the lake already. @returns the names of those that are still to be read */
async function removeConsumed(data: string, table: EventTable, folder: string): Promise<Set<string>> {
  const { consumed } = eventsOf((await readLake(data)).events, table);
  await removeSegments(folder, consumed);
  return new Set((await sealedSegments(folder)).map(({ name }) => name));
}

function* batches(segments: readonly Segment[]): Generator<Segment[]> {
  let batch: Segment[] = [];
  let bytes = 0;
  for (const segment of segments) {
    if (batch.length > 0 && bytes + segment.bytes > BATCH_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(segment);
    bytes += segment.bytes;
  }
  if (batch.length > 0) yield batch;
}

async function compactBatch(
  writer: Writer,
  data: string,
  table: EventTable,
  segments: readonly Segment[],
  { now, compute }: { now: Instant; compute: ComputeEvents },
): Promise<Omit<Compacted, "whole">> {
  const sound: Segment[] = [];
  const damaged: Compacted["damaged"][number][] = [];
  let rows = 0;
  for (const segment of segments) {
    const fault = await scanSegment(segment.file).then(
      (scanned) => {
        if (scanned.sound < scanned.bytes) return `is damaged at byte ${scanned.sound}`;
        rows += scanned.rows;
        return undefined;
      },
      (cause: unknown) => {
        if (cause instanceof Problem) return cause.message;
        throw cause;
      },
    );
    if (fault === undefined) sound.push(segment);
    else damaged.push({ file: segment.file, why: fault });
  }
  if (sound.length === 0) return { read: 0, added: 0, duplicates: 0, damaged };
  const lake = await readLake(data);
  const version = lake.version + 1;
  const former = eventsOf(lake.events, table);
  const batch = { files: sound.map(({ file }) => file), rows, part: partName(version, 0), now };
  const { days, ...counts } = await addEvents(writer, table, former.days, batch, compute);
  const months = await mergeMonths({ ...writer, table, part: batch.part, now }, days, former.months);
  const consumed = sound.map(({ name }) => name);
  await publishVersion(data, {
    ...lake,
    version,
    at: now,
    events: withEvents(lake.events, table, { days, months, consumed }),
  });
  await removeSegments(journalFolder(data, table.name), consumed);
  return { ...counts, damaged };
}
