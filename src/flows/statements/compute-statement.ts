import { attributionKeys, type AttributionKey } from "#facts/attribution-keys.ts";
import type { CostRow } from "#facts/cost-row.ts";
import { type CostQuestion, type Measure, parseDimension } from "#facts/cost-question.ts";
import type { Split } from "#facts/split.ts";
import { makeStatement } from "#analysis/statements/make-statement.ts";
import type { Correction, Statement } from "#analysis/statements/statement.ts";
import type { NotSplit } from "#analysis/splits/run-splits.ts";
import { askLake, type Explanation } from "#flows/report/ask-lake.ts";
import { costByDimensions, tableFor } from "#lake/queries/cost-by-dimensions.ts";
import { type LakePeriod, type LakeVersion, readLake } from "#lake/snapshot.ts";
import { addTotals } from "#lake/totals.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { monthCharges } from "./month-charges.ts";
import { type Given, givenBy } from "./given-by.ts";

/** A month's statement as the lake gives it. */
export interface Computed {
  readonly statement: Statement;
  /** What splits give away, and to whom. */
  readonly given: readonly Given[];
  readonly notSplit: readonly (NotSplit & { readonly currency: string })[];
  /** Charges whose EffectiveCost nobody states; sums leave them out. */
  readonly unknown: number;
  readonly explanation: Explanation;
}

/** The invoices' billing periods of a month. */
export const periodsOf = ({ periods }: LakeVersion, month: string): LakePeriod[] =>
  periods.filter(({ billingPeriod, role }) => billingPeriod === month && role === "invoice");

/** The months that something was invoiced in, in order. */
export const monthsOf = ({ periods }: LakeVersion): string[] =>
  [
    ...new Set(periods.filter(({ role }) => role === "invoice").map(({ billingPeriod }) => billingPeriod)),
  ].sort();

/**
 * Who bears what of a month's invoices: the billing periods whose middle lies in it. What the scopes bear adds up to what was invoiced and the
 * corrections, unit for unit, per currency.
 * @param splits of any key; those of other keys are left out
 */
export async function computeStatement(
  data: string,
  key: AttributionKey,
  month: string,
  splits: readonly Split[],
  corrections: readonly Correction[] = [],
): Promise<Computed> {
  const { only, ...charges } = monthCharges(month);
  const its = splits.filter((split) => split.key === key);
  const measures: readonly Measure[] = [
    ...new Set<Measure>(["BilledCost", "EffectiveCost", ...its.map(({ by }) => by)]),
  ];
  const question: CostQuestion = {
    measures,
    by: [attributionKeys[key], "ServiceName", "ChargeCategory", "CommitmentDiscountStatus"].map(
      parseDimension,
    ),
    where: [],
    ...charges,
  };
  const { answered, explanation } = await askLake(
    data,
    [charges.window],
    charges.role,
    tableFor(question),
    [],
    (d, ask) => ask(costByDimensions(d, question), question),
    only,
  );
  await proveTotals(data, month, answered);
  const { given, notSplit } = givenBy(answered, its, measures);
  const bearersOf = (scope: string, of: string): Given | undefined =>
    given.find(({ origin, currency }) => origin === scope && currency === of);
  const effective = measures.indexOf("EffectiveCost");
  const unknown = answered.reduce((sum, row) => sum + row.charges - (row.known[effective] ?? 0), 0);
  const statement = makeStatement(answered, bearersOf, corrections);
  return { statement, given, notSplit, unknown, explanation };
}

/**
 * What is stated must be what was invoiced, digit for digit.
 * @throws Problem "totals-differ"
 */
async function proveTotals(data: string, month: string, rows: readonly CostRow[]): Promise<void> {
  const kept = addTotals(periodsOf(await readLake(data), month).map(({ totals }) => totals));
  for (const [currency, { BilledCost: invoiced }] of Object.entries(kept)) {
    const stated = rows.reduce(
      (sum, row) => (row.currency === currency ? sum + (row.sums[0] ?? 0n) : sum),
      0n,
    );
    if (decimal(invoiced ?? "0") !== stated)
      throw new Problem(
        "totals-differ",
        `${month}: ${invoiced ?? "0"} ${currency} was invoiced, and the statement would hold ${formatDecimal(stated)}.`,
      );
  }
}
