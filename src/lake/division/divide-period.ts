import { addOutcomes, type DivisionOutcome } from "#facts/division.ts";
import { tagSets } from "#lake/import/derive-sql.ts";
import { type TablePart, type Target, writeRollups, writeTable } from "#lake/import/write-charges.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { controlDivision } from "./control-division.ts";
import type { Division } from "./division-record.ts";
import { divisionRowsSql } from "./division-rows-sql.ts";
import { exactMacros } from "./exact-sql.ts";
import { nodeKeySql } from "./node-key-sql.ts";
import { idleOf, outcomeOfSlice } from "./outcome.ts";
import { dividedCharges, type Slice, sliceTables } from "./slice-sql.ts";

/** Rows that are made at once, and charges: more need more memory than the process may take. */
const SLICE_ROWS = 400_000;
const SLICE_CHARGES = 80_000;

const tables = ["nodes", "ids", "charges", "spans", "rows", "buckets", "pairs", "sets", "chosen", "weights"];

/**
 * Divides a billing period's charges of nodes by the allocation rows of the same nodes and times, and writes the rows and their rollups.
 * Everything happens inside the engine, in slices of time, in whole units of the 18th decimal.
 * @param allocations periods of role allocation that speak of its time
 * @param target where to; its `division` must be set
 * @returns the division, read back and found to add up to zero
 * @throws Problem "totals-differ"
 */
export async function dividePeriod(
  db: Duckdb,
  period: LakePeriod,
  allocations: readonly LakePeriod[],
  target: Target & { readonly division: true },
): Promise<Division> {
  const charges = parquetFiles(target.lake, period.files.charges);
  const theirs = allocationRows(target.lake, period, allocations);
  for (const macro of exactMacros) await db.run(macro);
  const outcomes: DivisionOutcome[] = [];
  let rows = 0;
  async function* parts(): AsyncGenerator<TablePart> {
    for (const slice of await slicesOf(db, charges, theirs)) {
      for (const table of sliceTables(charges, theirs, slice)) await db.run(table);
      await db.run(tagSets("select distinct tags as raw from division_weights where tags is not null"));
      outcomes.push(await outcomeOfSlice(db));
      const made = await countRows(db);
      if (made === 0) continue;
      rows += made;
      yield { sql: divisionRowsSql(), rows: made };
    }
  }
  try {
    await db.run(nodesTable(theirs));
    await db.run(idsTable(charges));
    const written = await writeTable(db, "charges", parts(), target);
    const rollups =
      written.length === 0 ? { charges_hour: [], charges_day: [] } : await writeRollups(db, written, target);
    const files = { charges: written, ...rollups };
    await controlDivision(db, target.lake, files, period.billingPeriod, rows);
    const outcome = { ...addOutcomes(outcomes), idle: await idleOf(db, target.lake, files.charges_day) };
    return { of: madeOf(period, allocations), files, rows, outcome };
  } finally {
    for (const table of tables) await db.run(`drop table if exists division_${table}`);
  }
}

/** What a division of a period would be made of now. */
export const madeOf = (period: LakePeriod, allocations: readonly LakePeriod[]): Division["of"] => ({
  charges: period.imports,
  allocations: allocations.flatMap(({ imports }) => imports).sort(),
});

/** Allocation rows that can speak of a period's charges. */
function allocationRows(lake: string, { charges }: LakePeriod, allocations: readonly LakePeriod[]): string {
  const files = parquetFiles(
    lake,
    allocations.flatMap((each) => each.files.charges),
  );
  const [start, end] = [charges.start, charges.end].map((time) => `epoch_ms(${time})`);
  // A charge without duration at the very end is still within a period that ends there.
  return `(select * from ${files} where "ResourceId" is not null and "ChargePeriodEnd" >= ${start} and "ChargePeriodStart" <= ${end})`;
}

/** The identifiers that allocation rows name nodes by. */
const nodesTable = (allocations: string): string =>
  `create or replace temp table division_nodes as select * from (select id, ${nodeKeySql("id")} as node
    from (select distinct "ResourceId" as id from ${allocations})) where node is not null`;

/** The identifiers that the bill names the same nodes by. */
const idsTable = (charges: string): string =>
  `create or replace temp table division_ids as select * from (select id, ${nodeKeySql("id")} as node
    from (select distinct "ResourceId" as id from ${charges} where "ResourceId" is not null))
    where node in (select node from division_nodes)`;

/** Hours of charges put together until their division would be too much at once. */
async function slicesOf(db: Duckdb, charges: string, allocations: string): Promise<Slice[]> {
  const [asked] = await db.run(
    `select count(*) / greatest(1, approx_count_distinct({s: x_Source, n: "ResourceId", t: "ChargePeriodStart"})) as targets from ${allocations}`,
  );
  // One more is given by each charge; parts of a target, such as processor and memory, make this too many rather than too few.
  const each = 1 + Number(asked?.["targets"] ?? 1);
  const hours = await db.run(
    `select date_trunc('hour', "ChargePeriodStart")::varchar as hour, (date_trunc('hour', "ChargePeriodStart") + interval 1 hour)::varchar as next,
      count(*)::bigint as n from ${charges} c where "ResourceId" in (select id from division_ids) group by 1, 2 order by 1`,
  );
  const slices: { from: string; until: string; charges: number }[] = [];
  const most = Math.min(SLICE_CHARGES, SLICE_ROWS / each);
  for (const row of hours) {
    const [from, until, count] = [String(row["hour"]), String(row["next"]), Number(row["n"])];
    const last = slices.at(-1);
    if (last !== undefined && last.charges + count <= most)
      slices[slices.length - 1] = { from: last.from, until, charges: last.charges + count };
    else slices.push({ from, until, charges: count });
  }
  return slices;
}

async function countRows(db: Duckdb): Promise<number> {
  const [row] = await db.run(
    `select count(*)::bigint as n from ${dividedCharges}
      join division_weights w on w.set = h.set`,
  );
  return Number(row?.["n"] ?? 0);
}
