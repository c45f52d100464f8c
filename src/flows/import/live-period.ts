import type { ImportMode } from "#facts/import-mode.ts";
import type { PeriodTotals } from "#lake/import/survey-delivery.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { addTotals } from "#lake/totals.ts";

/**
 * A billing period as it will be in the lake after a delivery.
 * @param before the live period of the same source and month, which an appended delivery adds to
 */
export function livePeriod(
  fresh: Omit<LakePeriod, "rows" | "totals" | "charges" | "closed" | "billingPeriod">,
  period: PeriodTotals,
  before: LakePeriod | undefined,
  mode: ImportMode,
): LakePeriod {
  const { billingPeriod, rows, totals, charges } = period;
  const alone: LakePeriod = {
    ...fresh,
    billingPeriod,
    rows,
    totals,
    charges,
    closed: before?.closed ?? false,
  };
  if (mode === "overwrite" || before === undefined) return alone;
  return {
    ...alone,
    imports: [...before.imports, ...alone.imports],
    files: {
      charges: [...before.files.charges, ...alone.files.charges],
      charges_hour: [...before.files.charges_hour, ...alone.files.charges_hour],
      charges_day: [...before.files.charges_day, ...alone.files.charges_day],
    },
    rows: before.rows + rows,
    totals: addTotals([before.totals, totals]),
    charges: {
      start: Math.min(before.charges.start, charges.start),
      end: Math.max(before.charges.end, charges.end),
    },
  };
}
