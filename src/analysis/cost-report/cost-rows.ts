import { chargesOf, type CostRow, type LakeRow } from "#facts/cost-row.ts";
import { buckets, type Granularity, type Window } from "#units/window.ts";
import { spreadUnits } from "./spread-units.ts";

/** Spreads long charges over the buckets (or cuts them to the window) and adds up rows of one group, currency and bucket. */
export function settleRows(
  rows: readonly LakeRow[],
  window: Window,
  granularity: Granularity | undefined,
): CostRow[] {
  return addUp(rows.flatMap((row) => settle(row, window, granularity)));
}

function settle(row: LakeRow, window: Window, granularity: Granularity | undefined): CostRow[] {
  const { period, ...plain } = row;
  if (period === undefined) return [plain];
  const within = { start: Math.max(period.start, window.start), end: Math.min(period.end, window.end) };
  if (within.end <= within.start) return [];
  const slots = granularity === undefined ? [within] : buckets(granularity, within);
  const inside = slots.map(({ start, end }) => ({
    start: Math.max(start, window.start),
    end: Math.min(end, window.end),
  }));
  const parts = row.sums.map((units) => spreadUnits(units, period, inside));
  return slots.map(({ start }, index) => ({
    keys: row.keys,
    currency: row.currency,
    ...(granularity === undefined ? {} : { bucket: start }),
    sums: parts.map((part) => part[index] ?? 0n),
    // Counted in each bucket it touches: "how many charges" is asked of a bucket, not of the parts.
    known: row.known,
    charges: row.charges,
    ...(row.unstated === undefined ? {} : { unstated: row.unstated }),
  }));
}

/** Adds rows of the same group, currency and bucket; order of first appearance is kept. */
export function addUp(rows: readonly CostRow[]): CostRow[] {
  const all = new Map<string, CostRow>();
  for (const row of rows) {
    const id = JSON.stringify([row.keys, row.currency, row.bucket]);
    const before = all.get(id);
    all.set(id, before === undefined ? row : plus(before, row));
  }
  return [...all.values()];
}

function plus(a: CostRow, b: CostRow): CostRow {
  return combine(a, b, 1);
}

function combine(a: CostRow, b: CostRow, sign: 1 | -1): CostRow {
  const among =
    a.among === undefined && b.among === undefined
      ? {}
      : { among: a.sums.map((_, index) => chargesOf(a, index) + sign * chargesOf(b, index)) };
  const { keys, currency, bucket } = a;
  // Unknown and known make the known.
  const unstated = a.sums.map((_, index) => a.unstated?.[index] === true && b.unstated?.[index] === true);
  return {
    keys,
    currency,
    ...(bucket === undefined ? {} : { bucket }),
    sums: a.sums.map((units, index) => units + BigInt(sign) * (b.sums[index] ?? 0n)),
    known: a.known.map((count, index) => count + sign * (b.known[index] ?? 0)),
    charges: a.charges + sign * b.charges,
    ...among,
    ...(unstated.includes(true) ? { unstated } : {}),
  };
}

/** What is left of the totals when the rows are taken away, per currency and bucket: the "others". */
export function othersOf(totals: readonly CostRow[], rows: readonly CostRow[]): CostRow[] {
  const id = ({ currency, bucket }: CostRow): string => `${currency} ${bucket ?? ""}`;
  const taken = new Map(totalsOf(rows).map((row) => [id(row), row]));
  return totals.flatMap((total) => {
    const top = taken.get(id(total));
    const left = top === undefined ? total : combine(total, top, -1);
    // What a division gave counts as no charge and is cost all the same.
    return left.charges === 0 && left.sums.every((sum) => sum === 0n) ? [] : [left];
  });
}

/** Sums per currency, and per bucket where the rows have buckets. */
export const totalsOf = (rows: readonly CostRow[]): CostRow[] =>
  addUp(rows.map((row) => ({ ...row, keys: [] })));

/** In order of time, then of currency, then largest first by the first sum. */
export function bySize(rows: readonly CostRow[]): CostRow[] {
  return [...rows].sort((a, b) => {
    if (a.bucket !== b.bucket) return (a.bucket ?? 0) - (b.bucket ?? 0);
    if (a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
    const [x, y] = [a.sums[0] ?? 0n, b.sums[0] ?? 0n];
    if (x !== y) return x > y ? -1 : 1;
    return JSON.stringify(a.keys) < JSON.stringify(b.keys) ? -1 : 1;
  });
}

/** The first rows of each currency. */
export function topPerCurrency(rows: readonly CostRow[], top: number): CostRow[] {
  const taken = new Map<string, number>();
  return rows.filter(({ currency }) => {
    const count = (taken.get(currency) ?? 0) + 1;
    taken.set(currency, count);
    return count <= top;
  });
}
