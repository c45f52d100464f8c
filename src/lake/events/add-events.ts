import path from "node:path";
import type { EventTable } from "#facts/event-table.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { Writer } from "#lake/writer.ts";
import type { EventDay } from "./event-days.ts";
import type { ComputeEvents } from "./compute-sql.ts";
import { dayOf, stageEvents } from "./stage-events.ts";
import { addToDay } from "./write-day.ts";

/** What became of a batch of events. */
export interface AddedEvents {
  /** All days, as they will be; not yet in force. */
  readonly days: readonly EventDay[];
  readonly read: number;
  /** Events that are new. */
  readonly added: number;
  /** Events that were there already or came twice: they were dropped. */
  readonly duplicates: number;
}

/** Segments to be read, and what they say they hold. */
export interface Batch {
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly rows: number;
  /** Names the files that are written of it: unlike that of any other batch. */
  readonly part: string;
  readonly now: number;
}

/**
 * Adds a batch of events to days: typed, without those that the day has already, and summed. Of several events with the same key on one
 * day the one that came first stays.
 * @param days that are in force, or will be
 */
export async function addEvents(
  { db, lake, incoming }: Writer,
  table: EventTable,
  days: readonly EventDay[],
  batch: Batch,
  compute: ComputeEvents,
): Promise<AddedEvents> {
  const staged = await stageEvents(db, incoming, table, batch.files, batch.rows);
  const former = days.filter(({ day }) => staged.days.includes(day));
  await db.run(
    `create or replace temp table kept_events as ${keptSql(table, staged.relation, lake, former)}`,
  );
  const kept = await db.run(
    `select day::varchar as day, count(*)::varchar as n from kept_events group by 1 order by 1`,
  );
  const added = kept.reduce((sum, row) => sum + Number(row["n"]), 0);
  // Where nothing came twice, there is nothing to look up.
  const chosen = added === batch.rows ? "" : `semi join kept_events using ("x_Place")`;
  const events = `(select * from ${staged.relation} ${chosen})`;
  const computed = await computedOnce({ db, incoming }, table, await compute(db, events), kept.length);
  const ofDay = (relation: string, day: string): string =>
    `(select * from ${relation} where ${quoted(table.time)} >= date '${day}' and ${quoted(table.time)} < date '${day}' + 1)`;
  const target = { db, lake, table, part: batch.part, now: batch.now };
  const after = new Map(days.map((each) => [each.day, each]));
  for (const row of kept) {
    const day = String(row["day"]);
    const [span] = await db.run(`select epoch_ms(min(${quoted(table.time)}))::varchar as first,
      epoch_ms(max(${quoted(table.time)}))::varchar as last from ${ofDay(events, day)}`);
    const numbers = { rows: Number(row["n"]), first: Number(span?.["first"]), last: Number(span?.["last"]) };
    after.set(day, await addToDay(target, day, after.get(day), ofDay(computed, day), numbers));
  }
  await db.run("drop table kept_events");
  return {
    days: [...after.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
    read: batch.rows,
    added,
    duplicates: batch.rows - added,
  };
}

/** Computed columns of events of many days are made for all of them at once, not day by day. */
async function computedOnce(
  { db, incoming }: Pick<Writer, "db" | "incoming">,
  table: EventTable,
  computed: string,
  days: number,
): Promise<string> {
  if (table.computed === undefined || days < 2) return computed;
  const file = path.join(incoming, `${table.name}-computed.parquet`);
  await db.run(
    `copy (select * from ${computed}) to ${literal(file)} (format parquet, compression lz4, row_group_size 61440)`,
  );
  return `read_parquet(${literal(file)})`;
}

/** Place and day of the events that stay: the first of each key and day, unless the lake has it. */
function keptSql(table: EventTable, staged: string, lake: string, former: readonly EventDay[]): string {
  const keys = table.key.map(quoted).join(", ");
  const first = `select min("x_Place") as "x_Place", ${dayOf(table)} as day, ${keys} from ${staged} group by day, ${keys}`;
  if (former.length === 0) return `select "x_Place", day from (${first})`;
  const files = former.flatMap(({ parts }) => parts.map(({ file }) => file));
  // A part of the key that an event may lack is the same where both lack it.
  const same = table.key.map(
    (name) =>
      `staged.${quoted(name)} ${table.columns[name]?.required === true ? "=" : "is not distinct from"} had.${quoted(name)}`,
  );
  return `select "x_Place", day from (${first}) staged
    anti join (select ${dayOf(table)} as day, ${keys} from ${parquetFiles(lake, files)}) had on staged.day = had.day and ${same.join(" and ")}`;
}

/** A name for the files of a batch: the version that it makes, and its place in it. */
export const partName = (version: number, batch: number): string =>
  `part-v${String(version).padStart(8, "0")}-${String(batch).padStart(3, "0")}`;
