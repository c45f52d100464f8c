import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { type EventTable, storedColumns } from "#facts/event-table.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { syncPath } from "#lake/snapshot.ts";
import { Problem } from "#units/problems.ts";
import { type EventDay, eventPath } from "./event-days.ts";
import type { ComputeEvents } from "./compute-sql.ts";
import { addedSql, hourSql, latencyAddedSql, latencyHourSql } from "./event-rollup-sql.ts";

/** Where files of a day are written, and by what name. */
export interface DayTarget {
  readonly db: Duckdb;
  /** The lake's folder. */
  readonly lake: string;
  readonly table: EventTable;
  /** Unlike that of any file that is there. */
  readonly part: string;
  readonly now: number;
}

/** Parts with fewer events than this are small; a day's are merged when there are so many of them. */
const SMALL_ROWS = 250_000;
const MOST_SMALL = 8;
/** A merge takes the smallest parts until it has so many events. */
const MERGED_ROWS = 500_000;

/**
 * Adds events to a day: one more part, into which small ones are merged where there are many, and the day's rollups with the new events
 * added to them.
 * @param fresh relation of the new events with their computed columns, none of which the day has
 * @param rows how many they are, the first and the last of them
 */
export async function addToDay(
  target: DayTarget,
  day: string,
  before: EventDay | undefined,
  fresh: string,
  { rows, first, last }: Pick<EventDay, "rows" | "first" | "last">,
): Promise<EventDay> {
  const { table, lake } = target;
  const parts = before?.parts ?? [];
  const merged = partsToMerge(parts);
  const names = Object.keys(storedColumns(table)).map(quoted).join(", ");
  const relations = [
    fresh,
    ...(merged.length === 0
      ? []
      : [
          parquetFiles(
            lake,
            merged.map(({ file }) => file),
          ),
        ]),
  ];
  const all = relations.map((relation) => `select ${names} from ${relation}`).join(" union all ");
  const file = await writeEventFile(target, table.name, day, `${all} order by ${quoted(table.time)}`);
  const written = { file, rows: rows + merged.reduce((sum, part) => sum + part.rows, 0) };
  const after: Omit<EventDay, "rollups"> = {
    day,
    rows: rows + (before?.rows ?? 0),
    first: Math.min(first, before?.first ?? first),
    last: Math.max(last, before?.last ?? last),
    parts: [...parts.filter((part) => !merged.includes(part)), written],
    updatedAt: target.now,
  };
  // What was computed is read back, unless the file holds former events too.
  const added = merged.length === 0 ? parquetFiles(lake, [file]) : fresh;
  const rollups = await writeRollups(target, day, added, before?.rollups);
  return controlled(target, { ...after, rollups });
}

/** A day with its computed columns and its rollups made anew: prices may have changed. The files that it had stay as they are. */
export async function computeAgain(
  target: DayTarget,
  day: EventDay,
  compute: ComputeEvents,
): Promise<EventDay> {
  const { table, lake, db } = target;
  const delivered = Object.keys(table.columns).map(quoted).join(", ");
  const names = Object.keys(storedColumns(table)).map(quoted).join(", ");
  const parts: EventDay["parts"] = [];
  for (const { file, rows } of day.parts) {
    const events = await compute(db, `(select ${delivered} from ${parquetFiles(lake, [file])})`);
    const query = `select ${names} from ${events} order by ${quoted(table.time)}`;
    const again = `${target.part}-${String(parts.length).padStart(4, "0")}`;
    parts.push({ file: await writeEventFile({ ...target, part: again }, table.name, day.day, query), rows });
  }
  const rollups = await rollUp(target, day.day, parts);
  return controlled(target, { ...day, parts, rollups, updatedAt: target.now });
}

/**
 * A day without the events of a source, its rollups made anew; undefined if none is left, the day itself if none was there. The files that it had stay as they are.
 */
export async function withoutSource(
  target: DayTarget,
  day: EventDay,
  source: string,
): Promise<EventDay | undefined> {
  const { table, lake, db } = target;
  const [time, isOther] = [quoted(table.time), `"x_Source" <> ${literal(source)}`];
  const parts: { readonly file: string; readonly rows: number }[] = [];
  let [first, last] = [Infinity, -Infinity];
  for (const part of day.parts) {
    const events = parquetFiles(lake, [part.file]);
    const [row] = await db.run(
      `select count(*)::varchar as n, epoch_ms(min(${time}))::varchar as first, epoch_ms(max(${time}))::varchar as last from ${events} where ${isOther}`,
    );
    const rows = Number(row?.["n"]);
    if (rows === 0) continue;
    [first, last] = [Math.min(first, Number(row?.["first"])), Math.max(last, Number(row?.["last"]))];
    if (rows === part.rows) {
      parts.push(part);
      continue;
    }
    const name = `${target.part}-${String(parts.length).padStart(4, "0")}`;
    const query = `select * from ${events} where ${isOther} order by ${time}`;
    const file = await writeEventFile({ ...target, part: name }, table.name, day.day, query);
    parts.push({ file, rows });
  }
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows === day.rows) return day;
  if (rows === 0) return undefined;
  const rollups = await rollUp(target, day.day, parts);
  return controlled(target, { ...day, rows, first, last, parts, rollups, updatedAt: target.now });
}

/** A day's rollups, from its files alone. */
export const rollUp = (
  target: DayTarget,
  day: string,
  parts: EventDay["parts"],
): Promise<EventDay["rollups"]> =>
  writeRollups(
    target,
    day,
    parquetFiles(
      target.lake,
      parts.map(({ file }) => file),
    ),
    undefined,
  );

/** The smallest of many small parts; none if there are few. */
function partsToMerge(parts: EventDay["parts"]): EventDay["parts"] {
  const small = parts.filter(({ rows }) => rows < SMALL_ROWS).sort((a, b) => a.rows - b.rows);
  if (small.length < MOST_SMALL) return [];
  let rows = 0;
  return small.filter((part) => {
    const takes = rows < MERGED_ROWS;
    rows += part.rows;
    return takes;
  });
}

async function writeRollups(
  target: DayTarget,
  day: string,
  fresh: string,
  before: EventDay["rollups"] | undefined,
): Promise<EventDay["rollups"]> {
  const { table, lake } = target;
  const name = (suffix: string): string => `${table.name}_${suffix}`;
  const write = (suffix: string, query: string): Promise<string> =>
    writeEventFile(target, name(suffix), day, query);
  /** With the rows that the day has already: sums of parts are sums of the whole. */
  const withFormer = (suffix: string, query: string): string => {
    const file = before?.[name(suffix)];
    return file === undefined
      ? `(${query})`
      : `(select * from (${query}) union all by name from ${parquetFiles(lake, [file])})`;
  };
  const hour = await write("hour", addedSql(table, withFormer("hour", hourSql(table, fresh)), "hour"));
  const sums = {
    [name("hour")]: hour,
    [name("day")]: await write("day", addedSql(table, parquetFiles(lake, [hour]), "day")),
  };
  const { latencies } = table.rollup;
  if (latencies === undefined) return sums;
  const counted = withFormer("latency_hour", latencyHourSql(table, latencies, fresh));
  const latency = await write("latency_hour", latencyAddedSql(table, latencies, counted, "hour"));
  const daily = latencyAddedSql(table, latencies, parquetFiles(lake, [latency]), "day");
  return {
    ...sums,
    [name("latency_hour")]: latency,
    [name("latency_day")]: await write("latency_day", daily),
  };
}

/** Files are written under another name and moved: no reader's pattern ever meets a half one. */
export async function writeEventFile(
  { db, lake, part }: DayTarget,
  table: string,
  time: string,
  query: string,
): Promise<string> {
  const file = eventPath(table, time, part);
  const temporary = path.join(lake, ".incoming", `${table}-${part}.parquet`);
  await db.run(
    `copy (${query}) to ${literal(temporary)} (format parquet, compression zstd, row_group_size 61440)`,
  );
  await syncPath(temporary);
  const folder = path.join(lake, path.dirname(file));
  await mkdir(folder, { recursive: true });
  await rename(temporary, path.join(lake, file));
  await syncPath(folder);
  return file;
}

/**
 * Reads back how many events the rollups of a day tell of.
 * @throws Problem "totals-differ"
 */
async function controlled({ db, lake, table }: DayTarget, day: EventDay): Promise<EventDay> {
  const [count = ""] = Object.keys(table.rollup.sums);
  for (const suffix of ["hour", "day"]) {
    const file = day.rollups[`${table.name}_${suffix}`] ?? "";
    const [row] = await db.run(
      `select sum(${quoted(count)})::varchar as n from ${parquetFiles(lake, [file])}`,
    );
    if (Number(row?.["n"]) === day.rows) continue;
    throw new Problem(
      "totals-differ",
      `${table.name} of ${day.day}: ${day.rows} events, and ${String(row?.["n"])} in the sums by ${suffix}.`,
    );
  }
  return day;
}
