import { type CostColumn, costColumns } from "#facts/focus-columns.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Engine } from "#lake/engines/duckdb.ts";
import { type ExportedCharges, exportSums } from "#lake/queries/exported-charges.ts";
import { addKnown, decimal, formatDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";

/** Rows and exact sums of an export in one currency and, where charges are split, for one bearer. */
export interface ExportSum {
  /** null where nobody bears it, and in an export that is not split. */
  readonly bearer: string | null;
  readonly currency: string;
  readonly rows: number;
  /** In units of the 18th decimal; undefined where no row has a value: unknown, not zero. */
  readonly sums: Readonly<Record<CostColumn, bigint | undefined>>;
  /** Rows that have no value of a cost. */
  readonly unknown: Readonly<Record<CostColumn, number>>;
}

/** What an export will hold, added up. */
export async function addUpExport(
  engine: Engine,
  d: Dialect,
  exported: ExportedCharges,
): Promise<ExportSum[]> {
  const rows = await engine.query(exportSums(d, exported));
  return rows.map((row) => {
    const charges = Number(row["charges"]);
    return {
      bearer: row["bearer"] as string | null,
      currency: String(row["currency"]),
      rows: charges,
      sums: each((name) => (row[name] === null ? undefined : decimal(row[name] as string))),
      unknown: each((name) => charges - Number(row[`n_${name}`])),
    };
  });
}

/**
 * Divided charges are told by what was received of them: that must add up to all that lies in the lake.
 * @param sums of the export, per currency
 * @throws Problem "totals-differ"
 */
export async function proveReceived(
  engine: Engine,
  d: Dialect,
  exported: ExportedCharges,
  sums: readonly ExportSum[],
): Promise<void> {
  if (!d.divided) return;
  const all = byCurrency(await addUpExport(engine, d, { ...exported, asLying: true }));
  for (const { currency, sums: lying } of all) {
    const told = sums.find((each) => each.currency === currency)?.sums;
    const name = costColumns.find((column) => (told?.[column] ?? 0n) !== (lying[column] ?? 0n));
    if (name === undefined) continue;
    throw new Problem(
      "totals-differ",
      `${name} in ${currency} adds up to ${formatDecimal(lying[name] ?? 0n)} in the lake, and the export would hold ${formatDecimal(told?.[name] ?? 0n)}.`,
      { hint: "Nothing was written. plimsoll doctor proves the division; please report this." },
    );
  }
}

/** The sums of all bearers, per currency. */
export function byCurrency(sums: readonly ExportSum[]): ExportSum[] {
  const all = new Map<string, ExportSum>();
  for (const each of sums) {
    const before = all.get(each.currency);
    all.set(each.currency, before === undefined ? { ...each, bearer: null } : together(before, each));
  }
  return [...all.values()];
}

function together(a: ExportSum, b: ExportSum): ExportSum {
  return {
    ...a,
    rows: a.rows + b.rows,
    sums: each((name) => addKnown(a.sums[name], b.sums[name])),
    unknown: each((name) => a.unknown[name] + b.unknown[name]),
  };
}

const each = <T>(value: (name: CostColumn) => T): Record<CostColumn, T> =>
  Object.fromEntries(costColumns.map((name) => [name, value(name)])) as Record<CostColumn, T>;
