import { literal } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { inPeriod, type PeriodTotals } from "./survey-delivery.ts";

/** A part of a billing period's charges that is sorted and written on its own. */
export interface Slice {
  /** SQL condition over finished charges. */
  readonly where: string;
  readonly rows: number;
}

/** About how many rows are sorted at once: a file of some 64 to 128 MB, and a sort that fits into the memory it is given. */
const SLICE_ROWS = 1_000_000;

/** Cuts a billing period into stretches of time, in order and without a gap, of about a million charges each. */
export async function timeSlices(db: Duckdb, charges: string, period: PeriodTotals): Promise<Slice[]> {
  const whole = inPeriod(period);
  if (period.rows <= SLICE_ROWS * 1.5) return [{ where: whole, rows: period.rows }];
  const hours = await db.run(
    `select date_trunc('hour', "ChargePeriodStart")::varchar as hour, count(*)::bigint as n from (${charges}) where ${whole} group by 1 order by 1`,
  );
  const slices: { from: string; rows: number }[] = [];
  for (const row of hours) {
    const n = Number(row["n"]);
    const last = slices.at(-1);
    if (last !== undefined && last.rows + n <= SLICE_ROWS) last.rows += n;
    else slices.push({ from: String(row["hour"]), rows: n });
  }
  return slices.map(({ from, rows }, index) => {
    const next = slices[index + 1];
    const after = index === 0 ? [] : [`"ChargePeriodStart" >= timestamp ${literal(from)}`];
    const before = next === undefined ? [] : [`"ChargePeriodStart" < timestamp ${literal(next.from)}`];
    return { where: [whole, ...after, ...before].join(" and "), rows };
  });
}
