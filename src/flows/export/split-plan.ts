import type { AttributionKey } from "#facts/attribution-keys.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { correctionsOf } from "#analysis/statements/corrections.ts";
import type { Correction } from "#analysis/statements/statement.ts";
import { type Computed, computeStatement } from "#flows/statements/compute-statement.ts";
import { type MonthStatement, monthStatement } from "#flows/statements/month-statement.ts";
import { formatDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { Asked } from "#flows/report/exact-question.ts";
import type { SplitAsked } from "./export-request.ts";
import type { ExportSum } from "./export-sums.ts";

/** How a month's charges are divided, and the statement that the parts must add up to. */
export interface SplitPlan {
  readonly key: AttributionKey;
  readonly month: string;
  /** The month's statement as it is shown: as it was closed, if it was. */
  readonly stated: MonthStatement;
  /** The same by the lake as it is now. */
  readonly computed: Computed;
  /** What changed since the statement was closed; the export is of the lake as it is. */
  readonly moved: readonly Correction[];
}

/**
 * Plans the division of a month by the splits of a key; a closed month is divided by the splits that it was closed with.
 * @throws Problem "option-invalid" if the selection is no month or the key has no splits, and those of `monthStatement`
 */
export async function planSplit(
  data: string,
  asked: Asked,
  { key, splits, state: url }: SplitAsked,
): Promise<SplitPlan> {
  const month = monthOf(asked, key);
  const stated = await monthStatement(
    { data, ...(url === undefined ? {} : { url }) },
    { month, key, splits },
  );
  const own = stated.splits.filter((split) => split.key === key);
  if (own.length === 0 && stated.closed !== undefined && splits.some((split) => split.key === key))
    throw new Problem("option-invalid", `${month} was closed by ${key} without splits, and stays so.`, {
      hint: "Leave --split away: each bearer's charges are its statement.",
    });
  if (own.length === 0) throw noSplits(key, splits);
  const computed = await computeStatement(data, key, month, own);
  const moved =
    stated.closed === undefined
      ? []
      : correctionsOf({ month, closed: stated.statement, now: computed.statement }, []);
  return { key, month, stated, computed, moved };
}

function monthOf({ period, from, to, time, role, spread }: Asked, key: AttributionKey): string {
  const hint = `Write plimsoll export 2026-07 --split ${key}.`;
  if (period === undefined || from !== undefined || to !== undefined)
    throw new Problem(
      "option-invalid",
      "Shared cost is divided by statements, and these are of months: --split needs one.",
      { hint },
    );
  const others = { "--time": time, "--role": role === "invoice" ? undefined : role, "--spread": spread };
  const given = Object.entries(others).flatMap(([option, value]) => (value === undefined ? [] : [option]));
  if (given.length > 0)
    throw new Problem(
      "option-invalid",
      `--split takes no ${given.join(", ")}: a statement is of what was invoiced in a month.`,
      { hint },
    );
  return period;
}

function noSplits(key: AttributionKey, splits: SplitAsked["splits"]): Problem {
  const keys = [...new Set(splits.map((split) => split.key))];
  const there =
    keys.length === 0
      ? "No splits are declared."
      : `There are splits by ${keys.join(", ")}.${didYouMean(key, keys)}`;
  return new Problem("option-invalid", `No split gives away cost by ${key}. ${there}`, {
    hint: "Splits are declared in plimsoll.yaml, looked for here and in the data folder (--config names another file); docs/statements.md shows how. Without --split every charge is one row.",
  });
}

/**
 * What the rows of each bearer add up to must be what the statement says, digit for digit.
 * @param sums of the whole month
 * @throws Problem "totals-differ"
 */
export function proveStatement({ month, computed }: SplitPlan, sums: readonly ExportSum[]): void {
  const find = (scope: string | null, of: string): ExportSum | undefined =>
    sums.find(({ bearer, currency }) => bearer === scope && currency === of);
  for (const { scope, currency, total } of computed.statement.scopes) {
    const sum = find(scope, currency)?.sums;
    for (const [column, stated] of [
      ["BilledCost", total.billed],
      ["EffectiveCost", total.effective],
    ] as const) {
      const held = sum?.[column] ?? 0n;
      // A scope that gave everything away has no rows, and a statement of nothing.
      if (held === (stated ?? 0n)) continue;
      throw new Problem(
        "totals-differ",
        `${month}: ${scope ?? "nobody"} bears ${formatDecimal(stated ?? 0n)} ${currency} of ${column}, and the export would hold ${formatDecimal(held)}.`,
        {
          hint: "Nothing was written. If the lake was changed just now, run the export again; else please report this.",
        },
      );
    }
  }
}
