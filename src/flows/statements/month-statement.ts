import { attributionKeys, type AttributionKey } from "#facts/attribution.ts";
import type { CostRow } from "#facts/cost-row.ts";
import { type CostQuestion, type Measure, parseDimension } from "#facts/cost-question.ts";
import type { Split } from "#facts/split.ts";
import { makeStatement, type Bearers } from "#analysis/statements/make-statement.ts";
import type { Statement } from "#analysis/statements/statement.ts";
import { type NotSplit, runSplits } from "#analysis/splits/run-splits.ts";
import { weightsOf } from "#analysis/splits/fraction.ts";
import { askLake, type Explanation } from "#flows/report/ask-lake.ts";
import { costByDimensions, tableFor } from "#lake/queries/cost-by-dimensions.ts";
import { type LakePeriod, readLake } from "#lake/snapshot.ts";
import { parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";

/** A month's statement, the one before it, and how it came about. */
export interface MonthStatement {
  readonly month: string;
  readonly key: AttributionKey;
  readonly statement: Statement;
  /** The month before, by the same rules and splits; undefined where the lake holds nothing of it. */
  readonly before?: Statement;
  readonly notSplit: readonly (NotSplit & { readonly currency: string })[];
  /** Billing periods of the month that are still open: the statement is provisional. */
  readonly open: readonly LakePeriod[];
  readonly explanation: Explanation;
}

/** What a statement is asked by. */
export interface StatementAsked {
  /** A calendar month, YYYY-MM: the billing periods that start in it. */
  readonly month: string;
  readonly key: AttributionKey;
  readonly splits: readonly Split[];
}

/**
 * Who bears what of a month's invoices. What the scopes bear adds up to what was invoiced, unit for unit, per currency.
 * @throws Problem "period-unknown" if nothing was invoiced in the month, "lake-empty"
 */
export async function monthStatement(data: string, asked: StatementAsked): Promise<MonthStatement> {
  const window = monthWindow(asked.month);
  const { periods } = await readLake(data);
  const its = periods.filter(
    ({ billingPeriod, role }) => billingPeriod === asked.month && role === "invoice",
  );
  if (its.length === 0) throw nothingInvoiced(data, asked.month, periods);
  const earlier = monthBefore(asked.month);
  const hasBefore = periods.some(
    ({ billingPeriod, role }) => billingPeriod === earlier && role === "invoice",
  );
  const splits = asked.splits.filter(({ key }) => key === asked.key);
  const now = await statementOf(data, asked, window, splits);
  const before = hasBefore ? await statementOf(data, asked, monthWindow(earlier), splits) : undefined;
  return {
    month: asked.month,
    key: asked.key,
    ...now,
    ...(before === undefined ? {} : { before: before.statement }),
    open: its.filter(({ closed }) => !closed),
  };
}

function monthWindow(month: string): CostQuestion["window"] {
  if (!/^\d{4}-\d{2}$/.test(month))
    throw new Problem("window-invalid", `"${month}" is no month.`, { hint: "Write a month as 2026-07." });
  return parsePeriod(month, 0);
}

function monthBefore(month: string): string {
  const start = new Date(`${month}-01T00:00:00Z`);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

function nothingInvoiced(data: string, month: string, periods: readonly LakePeriod[]): Problem {
  if (periods.length === 0)
    return new Problem("lake-empty", `There is nothing in ${data} yet.`, { at: { file: data } });
  const months = [...new Set(periods.map(({ billingPeriod }) => billingPeriod))].sort().join(", ");
  return new Problem("period-unknown", `Nothing was invoiced in ${month}. The lake holds ${months}.`);
}

async function statementOf(
  data: string,
  { key }: StatementAsked,
  window: CostQuestion["window"],
  splits: readonly Split[],
): Promise<Pick<MonthStatement, "statement" | "notSplit" | "explanation">> {
  const measures: readonly Measure[] = [
    ...new Set<Measure>(["BilledCost", "EffectiveCost", ...splits.map(({ by }) => by)]),
  ];
  const question: CostQuestion = {
    measures,
    by: [attributionKeys[key], "ServiceName", "ChargeCategory"].map(parseDimension),
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
  );
  const { bearersOf, notSplit } = bearersBySplits(answered, splits, measures);
  return { statement: makeStatement(answered, bearersOf), notSplit, explanation };
}

const costMeasures: readonly Measure[] = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"];

/** Who bears each scope's cost in the end, per currency: costs are weighed within the currency, quantities over all. */
function bearersBySplits(
  rows: readonly CostRow[],
  splits: readonly Split[],
  measures: readonly Measure[],
): {
  bearersOf: (scope: string, currency: string) => Bearers | undefined;
  notSplit: MonthStatement["notSplit"];
} {
  const currencies = [...new Set(rows.map(({ currency }) => currency))].sort();
  const notSplit: MonthStatement["notSplit"][number][] = [];
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
