import { attributionKeys, type AttributionKey } from "#facts/attribution.ts";
import type { CostRow } from "#facts/cost-row.ts";
import { type CostQuestion, type Measure, parseDimension } from "#facts/cost-question.ts";
import type { Split } from "#facts/split.ts";
import { makeStatement, type Bearers } from "#analysis/statements/make-statement.ts";
import type { Correction, Statement } from "#analysis/statements/statement.ts";
import { type NotSplit, runSplits } from "#analysis/splits/run-splits.ts";
import { weightsOf } from "#analysis/splits/fraction.ts";
import { askLake, type Explanation } from "#flows/report/ask-lake.ts";
import { costByDimensions, tableFor } from "#lake/queries/cost-by-dimensions.ts";
import { type LakePeriod, type LakeVersion, readLake } from "#lake/snapshot.ts";
import { addTotals } from "#lake/totals.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";

/** A month's statement as the lake gives it. */
export interface Computed {
  readonly statement: Statement;
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
 * Who bears what of a month's invoices: the billing periods that start in it. What the scopes bear adds up to what was invoiced and the
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
  // Which invoices belong to a month the lake knows; a period in local time may start before it.
  const start = monthWindow(month).start;
  const window = { start: start - 400 * DAY, end: start + 400 * DAY };
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
    window,
    time: "billing",
    spread: false,
    role: "invoice",
  };
  const { answered, explanation } = await askLake(
    data,
    [window],
    "invoice",
    tableFor(question),
    [],
    (d, ask) => ask(costByDimensions(d, question), question),
    ({ billingPeriod }) => billingPeriod === month,
  );
  await proveTotals(data, month, answered);
  const { bearersOf, notSplit } = bearersBySplits(answered, its, measures);
  const effective = measures.indexOf("EffectiveCost");
  const unknown = answered.reduce((sum, row) => sum + row.charges - (row.known[effective] ?? 0), 0);
  return { statement: makeStatement(answered, bearersOf, corrections), notSplit, unknown, explanation };
}

/** @throws Problem "window-invalid" */
export function monthWindow(month: string): CostQuestion["window"] {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
    throw new Problem("window-invalid", `"${month}" is no month.`, { hint: "Write a month as 2026-07." });
  return parsePeriod(month, 0);
}

const DAY = 86_400_000;

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

const costMeasures: readonly Measure[] = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"];

/** Who bears each scope's cost in the end, per currency: costs are weighed within the currency, quantities over all. */
function bearersBySplits(
  rows: readonly CostRow[],
  splits: readonly Split[],
  measures: readonly Measure[],
): {
  bearersOf: (scope: string, currency: string) => Bearers | undefined;
  notSplit: Computed["notSplit"];
} {
  const currencies = [...new Set(rows.map(({ currency }) => currency))].sort();
  const notSplit: Computed["notSplit"][number][] = [];
  const all = new Map<string, Bearers>();
  for (const currency of currencies) {
    const own = rows.filter((row) => row.currency === currency);
    const scopes = [...new Set(own.flatMap(({ keys: [scope] }) => scope ?? []))].sort();
    const result = runSplits(scopes, splits, (value, { by }) => {
      const weighed = costMeasures.includes(by) ? own : rows;
      const index = measures.indexOf(by);
      return weighed.reduce(
        (sum, { keys, sums }) => (keys[0] === value ? sum + (sums[index] ?? 0n) : sum),
        0n,
      );
    });
    notSplit.push(...result.notSplit.map((each) => ({ ...each, currency })));
    for (const [origin, parts] of result.bearers) {
      if (parts.size === 1 && parts.has(origin)) continue;
      const bearers = [...parts.keys()].sort();
      const weights = weightsOf(bearers.flatMap((bearer) => parts.get(bearer) ?? []));
      all.set(JSON.stringify([origin, currency]), { bearers, weights });
    }
  }
  return { bearersOf: (scope, currency) => all.get(JSON.stringify([scope, currency])), notSplit };
}
