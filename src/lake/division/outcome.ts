import {
  addOutcomes,
  type DivisionOutcome,
  type UndividedReason,
  undividedReasons,
} from "#facts/division.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { sumOfKnown } from "#lake/totals.ts";
import { chargesWithChoice, dividedCharges } from "./slice-sql.ts";

/** What became of the charges of the slice whose tables are in the engine; what of it is idle is known when it is written. */
export async function outcomeOfSlice(db: Duckdb): Promise<DivisionOutcome> {
  const rows = await db.run(chargesQuery);
  const passed = await db.run(passedOverQuery);
  return addOutcomes([
    {
      divided: rows.flatMap((row) =>
        reasonOf(row) === undefined ? [{ by: String(row["by"]), ...moneyOf(row) }] : [],
      ),
      idle: [],
      undivided: rows.flatMap((row) => {
        const reason = reasonOf(row);
        return reason === undefined ? [] : [{ reason, ...moneyOf(row) }];
      }),
      passedOver: passed.map((row) => ({
        source: String(row["source"]),
        taken: String(row["taken"]),
        charges: Number(row["n"]),
      })),
    },
  ]);
}

const reasonOf = (row: Row): UndividedReason | undefined =>
  undividedReasons.find((reason) => reason === row["reason"]);

const moneyOf = (row: Row): Omit<DivisionOutcome["divided"][number], "by"> => ({
  currency: String(row["currency"]),
  charges: Number(row["n"]),
  effectiveCost: costOf(row),
});

const costOf = ({ cost }: Row): string | null => sumOfKnown([typeof cost === "string" ? cost : null]);

const chargesQuery = `select case when c.allocated then 'already-allocated' when h.node is not null then h.fault
      when c."ChargePeriodEnd" - c."ChargePeriodStart" > interval 25 hour then 'too-long' else 'no-rows' end as reason,
    case when not c.allocated and h.fault is null then h.source end as by, c."BillingCurrency" as currency, count(*)::bigint as n, sum(c."EffectiveCost")::varchar as cost
  from ${chargesWithChoice} group by 1, 2, 3 order by 1 nulls first, 2, 3`;

const passedOverQuery = `select o.source, h.source as taken, count(*)::bigint as n
  from ${dividedCharges}
    join (select distinct node, s, e, source from division_sets) o on o.node = h.node and o.s = h.s and o.e = h.e and o.source <> h.source
  group by 1, 2 order by 1, 2`;

/**
 * How much of what was divided is idle, by its kind and currency.
 * @param rollups of the division by day
 */
export async function idleOf(
  db: Duckdb,
  lake: string,
  rollups: readonly string[],
): Promise<DivisionOutcome["idle"]> {
  if (rollups.length === 0) return [];
  const rows =
    await db.run(`select x_IdleKind as kind, "BillingCurrency" as currency, sum("EffectiveCost")::varchar as cost
    from ${parquetFiles(lake, rollups)} where x_IdleKind is not null group by 1, 2 order by 1, 2`);
  return rows.map((row) => ({
    kind: String(row["kind"]),
    currency: String(row["currency"]),
    effectiveCost: costOf(row),
  }));
}
