import type { EventTable } from "#facts/event-table.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import type { EventDay } from "#lake/events/event-days.ts";
import { hourSql, latencyHourSql } from "#lake/events/event-rollup-sql.ts";
import { parquetFiles } from "#lake/parquet-files.ts";

/** A figure of a day's events that is not the same everywhere. */
export interface EventImbalance {
  /** The table that says otherwise: a rollup, or the events themselves, whose number is recorded. */
  readonly table: string;
  readonly day: string;
  readonly figure: string;
  /** As the events add up; of their number, as it was recorded. */
  readonly expected: string | null;
  readonly found: string | null;
}

/** What the files of a day's events say, read now. */
export interface EventProof {
  readonly imbalances: readonly EventImbalance[];
  /** Figures compared. */
  readonly compared: number;
}

/** Name of a figure to its exact text; null where no event has a value. */
type Figures = ReadonlyMap<string, string | null>;

/**
 * Adds up a day's events as they lie on the disk and compares every sum, and the number in every latency bucket, with the rollups, digit for
 * digit, and their number with what was recorded.
 * @throws the engine's error if a file can't be read
 */
export async function proveEvents(
  db: Duckdb,
  lake: string,
  table: EventTable,
  day: EventDay,
): Promise<EventProof> {
  const imbalances: EventImbalance[] = [];
  let compared = 0;
  const compare = (name: string, figure: string, expected: string | null, found: string | null): void => {
    compared++;
    if (expected !== found) imbalances.push({ table: name, day: day.day, figure, expected, found });
  };
  const rows = parquetFiles(
    lake,
    day.parts.map(({ file }) => file),
  );
  const rollup = (suffix: string): string =>
    parquetFiles(lake, [day.rollups[`${table.name}_${suffix}`] ?? ""]);
  const [first = ""] = Object.keys(table.rollup.sums);
  const sums = await sumsOf(db, table, `(${hourSql(table, rows)})`);
  const counted = [...sums].filter(([figure]) => figure.startsWith(`${first} of `));
  const total = counted.reduce((sum, [, value]) => sum + BigInt(value ?? 0), 0n);
  compare(table.name, "rows", String(day.rows), String(total));
  const all = (name: string, expected: Figures, found: Figures): void => {
    for (const figure of new Set([...expected.keys(), ...found.keys()]))
      compare(`${table.name}_${name}`, figure, expected.get(figure) ?? null, found.get(figure) ?? null);
  };
  for (const suffix of ["hour", "day"]) all(suffix, sums, await sumsOf(db, table, rollup(suffix)));
  const { latencies } = table.rollup;
  if (latencies === undefined) return { imbalances, compared };
  const counts = await latenciesOf(db, `(${latencyHourSql(table, latencies, rows)})`);
  for (const suffix of ["latency_hour", "latency_day"])
    all(suffix, counts, await latenciesOf(db, rollup(suffix)));
  return { imbalances, compared };
}

/** Every sum per source and currency: what a question could be wrong about. */
async function sumsOf(db: Duckdb, table: EventTable, relation: string): Promise<Figures> {
  const { sums, dimensions } = table.rollup;
  const names = Object.keys(sums);
  const keys = [table.key[0] ?? "", "StatedCurrency"].filter((name) => dimensions.includes(name));
  const list = Object.entries(sums)
    .map(([name, { again = "sum" }]) => `${again}(${quoted(name)})::varchar as ${quoted(name)}`)
    .join(", ");
  const columns = keys.map((name, index) => `${quoted(name)} as k${index}`).join(", ");
  const rows = await db.run(`select ${columns}, ${list} from ${relation} group by all`);
  return new Map(
    rows.flatMap((row) => {
      const of = keys.flatMap((_, index) => (row[`k${index}`] as string | null) ?? []).join(" ");
      return names.map((name): [string, string | null] => [`${name} of ${of}`, row[name] as string | null]);
    }),
  );
}

async function latenciesOf(db: Duckdb, relation: string): Promise<Figures> {
  const rows = await db.run(
    `select "Measure" || ' in bucket ' || "Bucket" as figure, sum("Events")::varchar as n from ${relation} group by "Measure", "Bucket"`,
  );
  return new Map(rows.map((row): [string, string | null] => [String(row["figure"]), row["n"] as string]));
}
