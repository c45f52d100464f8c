import type { EventTable } from "#facts/event-table.ts";
import { beginsIn, type EventDay, eventsOf, withEvents } from "#lake/events/event-days.ts";
import { mergeMonths } from "#lake/events/event-months.ts";
import { withoutSource } from "#lake/events/write-day.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { publishVersion, readLake } from "#lake/snapshot.ts";
import type { Patience } from "#lake/while-busy.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import { nearestNames } from "#facts/nearest-names.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";

/** What was taken out of the lake, or would be. */
export interface Removed {
  readonly rows: number;
  readonly days: number;
  /** False if only that was asked for. */
  readonly kept: boolean;
}

export interface RemoveOptions {
  readonly now: Instant;
  readonly source: string;
  /** Whole UTC days that begin in it; all without it. */
  readonly window?: Window;
  /** Change nothing. */
  readonly dryRun: boolean;
  readonly onWait?: Patience["onWait"];
}

/**
 * Takes the events of a source out of the lake: of all days at once in a new version, or none. Former versions have them as long as these are kept; what is sent again
 * comes in again.
 * @throws Problem "option-invalid" if there is no such source, "lake-busy", "disk-full"
 */
export async function removeSource(
  data: string,
  table: EventTable,
  options: RemoveOptions,
): Promise<Removed> {
  const { now, source, window, dryRun, onWait = () => {} } = options;
  const writer = await openWriter(data, [], now, onWait).catch((cause: unknown) => {
    throw engineProblem(cause, data);
  });
  try {
    const lake = await readLake(data);
    const version = lake.version + 1;
    const former = eventsOf(lake.events, table);
    const counts = await countsOf(writer, table, former.days);
    if (!counts.some((each) => each.source === source)) throw unknown(table, source, counts);
    const own = new Map(counts.filter((each) => each.source === source).map(({ day, rows }) => [day, rows]));
    const chosen = former.days.filter((day) => own.has(day.day) && beginsIn(day, window));
    const rows = chosen.reduce((sum, { day }) => sum + (own.get(day) ?? 0), 0);
    const told = { rows, days: chosen.length };
    if (dryRun || chosen.length === 0) return { ...told, kept: false };
    const part = `part-v${String(version).padStart(8, "0")}-without`;
    const target = { db: writer.db, lake: writer.lake, table, part, now };
    const days: EventDay[] = [];
    for (const day of former.days) {
      const after = chosen.includes(day) ? await withoutSource(target, day, source) : day;
      if (after !== undefined) days.push(after);
    }
    const months = await mergeMonths(target, days, former.months);
    await publishVersion(data, {
      ...lake,
      version,
      at: now,
      events: withEvents(lake.events, table, { ...former, days, months }),
    });
    return { ...told, kept: true };
  } catch (cause) {
    throw engineProblem(cause, table.name);
  } finally {
    await writer.close();
  }
}

interface SourceCount {
  readonly source: string;
  readonly day: string;
  readonly rows: number;
}

async function countsOf(
  { db, lake }: Writer,
  table: EventTable,
  days: readonly EventDay[],
): Promise<SourceCount[]> {
  if (days.length === 0) return [];
  const [count = ""] = Object.keys(table.rollup.sums);
  const files = days.map(({ rollups }) => rollups[`${table.name}_day`] ?? "");
  const rows = await db.run(
    `select "x_Source" as source, "${table.time}"::date::varchar as day, sum("${count}")::varchar as n from ${parquetFiles(lake, files)} group by all`,
  );
  return rows.map((row) => ({
    source: String(row["source"]),
    day: String(row["day"]),
    rows: Number(row["n"]),
  }));
}

function unknown(table: EventTable, source: string, counts: readonly SourceCount[]): Problem {
  const names = [...new Set(counts.map((each) => each.source))].sort();
  const near = nearestNames(source, names);
  return new Problem("option-invalid", `No ${table.name} have the source "${source}".`, {
    hint:
      names.length === 0
        ? `There are no ${table.name} in the lake.`
        : `Sources: ${(near.length > 0 ? near : names.slice(0, 20)).join(", ")}.`,
  });
}
