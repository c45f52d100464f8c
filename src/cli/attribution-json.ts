import type { Cost, Preview } from "#flows/attribution/preview-rules.ts";
import { formatDecimal } from "#units/decimal.ts";

/** A preview as JSON: amounts are exact decimal strings. */
export function previewJson({ coverage, moves, more, rules, stray, closed }: Preview): object {
  return {
    coverage: coverage.map((each) => ({
      ...each,
      total: formatDecimal(each.total),
      before: formatDecimal(each.before),
      after: formatDecimal(each.after),
    })),
    moves: moves.map((move) => ({ ...move, cost: formatDecimal(move.cost) })),
    more,
    closed: closed.map(({ source, billingPeriod }) => ({ source, billingPeriod })),
    rules: rules.map(({ rule, held }) => ({ id: rule.id, strength: rule.strength, held: held.map(exact) })),
    stray: stray.map((each) => ({ ...each, cost: formatDecimal(each.cost) })),
  };
}

const exact = (cost: Cost): object => ({ ...cost, cost: formatDecimal(cost.cost) });
