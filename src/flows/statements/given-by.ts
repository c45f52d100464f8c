import type { CostRow } from "#facts/cost-row.ts";
import type { Measure } from "#facts/cost-question.ts";
import type { Split } from "#facts/split.ts";
import { weightsOf } from "#analysis/splits/fraction.ts";
import { type NotSplit, runSplits } from "#analysis/splits/run-splits.ts";
import type { Bearers } from "#analysis/statements/make-statement.ts";

/** Who bears the cost of a scope that splits give away, in one currency. Bearers, weights and the rest are in the same order. */
export interface Given extends Bearers {
  /** The scope whose own cost it is. */
  readonly origin: string;
  readonly currency: string;
  /** The splits that brought each bearer its part, in their order. */
  readonly ways: readonly (readonly Split[])[];
  /** What each bearer has of its own of the measure that a split goes by, in units of the 18th decimal. */
  readonly weighed: readonly ((split: Split) => bigint)[];
}

const costMeasures: readonly Measure[] = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"];

/**
 * Who bears each scope's cost in the end, per currency: costs are weighed within the currency, quantities over all.
 * @param rows of a month, by scope first
 * @param splits of one key
 * @param measures of the rows' sums
 */
export function givenBy(
  rows: readonly CostRow[],
  splits: readonly Split[],
  measures: readonly Measure[],
): { given: Given[]; notSplit: (NotSplit & { readonly currency: string })[] } {
  const currencies = [...new Set(rows.map(({ currency }) => currency))].sort();
  const notSplit: (NotSplit & { readonly currency: string })[] = [];
  const given: Given[] = [];
  for (const currency of currencies) {
    const own = rows.filter((row) => row.currency === currency);
    const scopes = [...new Set(own.flatMap(({ keys: [scope] }) => scope ?? []))].sort();
    const weightOf = (value: string, { by }: Split): bigint => {
      const weighed = costMeasures.includes(by) ? own : rows;
      const index = measures.indexOf(by);
      return weighed.reduce(
        (sum, { keys, sums }) => (keys[0] === value ? sum + (sums[index] ?? 0n) : sum),
        0n,
      );
    };
    const result = runSplits(scopes, splits, weightOf);
    notSplit.push(...result.notSplit.map((each) => ({ ...each, currency })));
    for (const [origin, parts] of result.bearers) {
      if (parts.size === 1 && parts.has(origin)) continue;
      const bearers = [...parts.keys()].sort();
      given.push({
        origin,
        currency,
        bearers,
        weights: weightsOf(bearers.flatMap((bearer) => parts.get(bearer) ?? [])),
        ways: bearers.map((bearer) => result.ways.get(origin)?.get(bearer) ?? []),
        weighed: bearers.map((bearer) => (split: Split) => weightOf(bearer, split)),
      });
    }
  }
  return { given, notSplit };
}
