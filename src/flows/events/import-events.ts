import { open } from "node:fs/promises";
import path from "node:path";
import { eventLine } from "#facts/event-line.ts";
import type { EventRow, EventTable } from "#facts/event-table.ts";
import { addEvents, partName } from "#lake/events/add-events.ts";
import { mergeMonths } from "#lake/events/event-months.ts";
import { eventsOf, withEvents } from "#lake/events/event-days.ts";
import { type ComputeEvents, nothingComputed } from "#lake/events/compute-sql.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { publishVersion, readLake } from "#lake/snapshot.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import type { Patience } from "#lake/while-busy.ts";
import type { Instant } from "#units/instant.ts";

/** What an import of events brought. */
export interface ImportedEvents {
  readonly read: number;
  readonly added: number;
  /** Events that the lake has already, or that came twice. */
  readonly duplicates: number;
}

export interface ImportEventsOptions {
  readonly now: Instant;
  /** How computed columns are made; none are if absent. */
  readonly compute?: ComputeEvents;
  /** Told of the events that are done. */
  readonly onProgress?: (done: number) => void;
  readonly onWait?: Patience["onWait"];
}

/** So many bytes are made part of the lake at once: more would not be sorted in memory. */
const BATCH_BYTES = 512 * 1024 * 1024;

/**
 * Brings events into the lake: all of them are seen at once, or none. To import them again changes nothing. The journal is not touched, so a
 * process that receives events goes on meanwhile.
 * @param rows lists of events, as they are read; none need be kept
 * @throws Problem "event-invalid", "lake-busy", "disk-full": nothing was changed
 */
export async function importEvents(
  data: string,
  table: EventTable,
  rows: AsyncIterable<readonly EventRow[]>,
  options: ImportEventsOptions,
): Promise<ImportedEvents> {
  const { now, onWait = () => {}, compute = nothingComputed(table), onProgress = () => {} } = options;
  const writer = await openWriter(data, [], now, onWait).catch((cause: unknown) => {
    throw engineProblem(cause, data);
  });
  try {
    const lake = await readLake(data);
    const version = lake.version + 1;
    const former = eventsOf(lake.events, table);
    let { days } = former;
    const result = { read: 0, added: 0, duplicates: 0 };
    let batch = 0;
    for await (const { file, rows: count } of spools(writer, table, rows)) {
      const part = partName(version, batch++);
      const done = await addEvents(writer, table, days, { files: [file], rows: count, part, now }, compute);
      days = done.days;
      result.read += done.read;
      result.added += done.added;
      result.duplicates += done.duplicates;
      onProgress(result.read);
    }
    if (result.added > 0) {
      const months = await mergeMonths(
        { ...writer, table, part: partName(version, 0), now },
        days,
        former.months,
      );
      await publishVersion(data, {
        ...lake,
        version,
        at: now,
        events: withEvents(lake.events, table, { ...former, days, months }),
      });
    }
    return result;
  } catch (cause) {
    throw engineProblem(cause, table.name);
  } finally {
    await writer.close();
  }
}

/** Events as files of lines, one after the other by the same name: each is read before the next is written. */
async function* spools(
  { incoming }: Writer,
  table: EventTable,
  rows: AsyncIterable<readonly EventRow[]>,
): AsyncGenerator<{ file: string; rows: number }> {
  const file = path.join(incoming, `${table.name}-spool.jsonl`);
  const source = rows[Symbol.asyncIterator]();
  try {
    for (let ended = false; !ended;) {
      const handle = await open(file, "w");
      let [bytes, count] = [0, 0];
      try {
        while (bytes < BATCH_BYTES) {
          const next = await source.next();
          if (next.done === true) {
            ended = true;
            break;
          }
          const lines = Buffer.from(next.value.map((row) => `${eventLine(table, row)}\n`).join(""));
          await handle.write(lines);
          bytes += lines.length;
          count += next.value.length;
        }
      } finally {
        await handle.close();
      }
      if (count > 0) yield { file, rows: count };
    }
  } finally {
    await source.return?.();
  }
}
