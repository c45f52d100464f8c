import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { sumOfKnown } from "#lake/totals.ts";
import { type DivisionOutcome, type UndividedReason, undividedReasons } from "./division-record.ts";

/** Outcome that slices are added to. */
export const noOutcome = (): Mutable => ({ divided: [], idle: [], undivided: [], passedOver: [] });

type Mutable = { -readonly [K in keyof DivisionOutcome]: DivisionOutcome[K] };

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Adds what became of the charges of the slice whose tables are in the engine. */
export async function addSlice(db: Duckdb, outcome: Mutable): Promise<void> {
  for (const row of await db.run(chargesQuery)) {
    const [reason, currency, charges, sum] = [
      text(row["reason"]),
      String(row["currency"]),
      Number(row["n"]),
      text(row["cost"]),
    ];
    if (reason === null) addMoney(outcome.divided, { currency }, charges, sum);
    else addMoney(outcome.undivided, { reason: reasonOf(reason), currency }, charges, sum);
  }
  for (const row of await db.run(passedOverQuery)) {
    const [source, taken, charges] = [String(row["source"]), String(row["taken"]), Number(row["n"])];
    const before = outcome.passedOver.find((each) => each.source === source && each.taken === taken);
    if (before === undefined) outcome.passedOver.push({ source, taken, charges });
    else before.charges += charges;
  }
}

const reasonOf = (name: string): UndividedReason =>
  undividedReasons.find((reason) => reason === name) ?? "no-rows";

function addMoney<K extends object>(
  list: (K & { charges: number; effectiveCost: string | null })[],
  key: K,
  charges: number,
  sum: string | null,
): void {
  const same = (each: K): boolean =>
    Object.keys(key).every((name) => each[name as keyof K] === key[name as keyof K]);
  const before = list.find(same);
  if (before === undefined) list.push({ ...key, charges, effectiveCost: sumOfKnown([sum]) });
  else {
    before.charges += charges;
    before.effectiveCost = sumOfKnown([before.effectiveCost, sum]);
  }
}

const chargesQuery = `select case when c.allocated then 'already-allocated' when h.node is not null then h.fault
      when c."ChargePeriodEnd" - c."ChargePeriodStart" > interval 25 hour then 'too-long' else 'no-rows' end as reason,
    c."BillingCurrency" as currency, count(*)::bigint as n, sum(c."EffectiveCost")::varchar as cost
  from division_charges c left join division_chosen h on h.node = c.node and h.s = c."ChargePeriodStart" and h.e = c."ChargePeriodEnd"
  group by 1, 2 order by 1 nulls first, 2`;

const passedOverQuery = `select o.source, h.source as taken, count(*)::bigint as n
  from division_charges c
    join division_chosen h on not c.allocated and h.fault is null and h.node = c.node and h.s = c."ChargePeriodStart" and h.e = c."ChargePeriodEnd"
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
  return rows.map((row: Row) => ({
    kind: String(row["kind"]),
    currency: String(row["currency"]),
    effectiveCost: sumOfKnown([text(row["cost"])]),
  }));
}
