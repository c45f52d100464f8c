import { type CostRow, valueOf } from "#facts/cost-row.ts";
import { inputTokenColumns, outputTokenColumns } from "#facts/call-columns.ts";
import { parseMeasure, unitOf } from "#facts/cost-question.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import type { CallGroup } from "#flows/calls/gather-calls.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import type { ItemPeriod } from "#analysis/bridge/bridge.ts";
import { decimal, ONE } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";

/** What a bridge's items are. */
export interface BridgeOf {
  readonly data: string;
  readonly now: number;
  readonly of: "charges" | "calls";
  /** A column, or tag:key. */
  readonly by: string;
  readonly where: readonly string[];
  /** Of charges: the measure that is the resource, such as GPU hours. Calls have their tokens. */
  readonly units: string;
}

/** Items of a period by currency and name; cost and units at the 18th decimal. */
export type PeriodItems = ReadonlyMap<string, ReadonlyMap<string, ItemPeriod>>;

/** What an item without a value is called. */
export const NOBODY = "(none)";

/**
 * The items of a period. A cost that is not known of every charge or call is unknown.
 * @throws Problem of reports and of questions of calls; "option-invalid" for a measure of several units
 */
export const bridgeItems = (asked: BridgeOf, window: Window): Promise<PeriodItems> =>
  asked.of === "calls" ? callItems(asked, window) : chargeItems(asked, window);

const spanOf = ({ start, end }: Window): { from: string; to: string } => ({
  from: formatInstant(start),
  to: formatInstant(end),
});

async function chargeItems({ data, now, by, where, units }: BridgeOf, window: Window): Promise<PeriodItems> {
  const measure = parseMeasure(units);
  if (unitOf[measure] !== undefined)
    throw new Problem(
      "option-invalid",
      `${measure} has several units, which can't be weighed against each other.`,
      {
        hint: "Take GpuHours, Tokens or Charges.",
      },
    );
  const { question } = await exactQuestion(data, {
    now,
    by: [by],
    where,
    measures: ["EffectiveCost", measure],
    spread: true,
    ...spanOf(window),
  });
  const { rows } = await reportCost(data, { question });
  return itemsOf(
    rows.map((row) => [
      row.currency,
      row.keys[0] ?? NOBODY,
      { cost: wholeCost(row), units: valueOf(row, 1) },
    ]),
  );
}

const wholeCost = (row: CostRow): bigint | undefined =>
  (row.known[0] ?? 0) < row.charges ? undefined : valueOf(row, 0);

async function callItems({ data, now, by, where }: BridgeOf, window: Window): Promise<PeriodItems> {
  // Calls to machines of one's own cost what those do: that is in charges.
  const paid = [...where, "unpriced!=self-hosted"];
  const { groups } = await answerCalls({ data, now, by: [by], where: paid, ...spanOf(window) });
  const priced = new Set(
    groups.flatMap(({ pricedCosts }) => pricedCosts.flatMap(({ currency }) => currency ?? [])),
  );
  const currencies = priced.size === 0 ? ["USD"] : [...priced];
  return itemsOf(
    groups.flatMap((group) =>
      currencies.flatMap((currency) => {
        const own = group.pricedCosts.find((each) => each.currency === currency);
        // Calls without a price are told once, with the first currency.
        if (own === undefined && (group.pricedCosts.length > 0 || currency !== currencies[0])) return [];
        const isWhole = own !== undefined && own.calls === group.calls;
        const item = {
          cost: isWhole ? decimal(own.cost) : undefined,
          units: group.tokensKnown === group.calls ? tokensOf(group) : undefined,
          volume: group.uncounted > 0 ? undefined : BigInt(group.calls) * ONE,
        };
        return [[currency, group.keys[0] ?? NOBODY, item] as const];
      }),
    ),
  );
}

const tokensOf = ({ tokens }: CallGroup): bigint =>
  [...inputTokenColumns, ...outputTokenColumns].reduce((sum, name) => sum + BigInt(tokens[name] ?? 0), 0n) *
  ONE;

function itemsOf(all: readonly (readonly [currency: string, name: string, item: ItemPeriod])[]): PeriodItems {
  const items = new Map<string, Map<string, ItemPeriod>>();
  for (const [currency, name, item] of all) {
    const own = items.get(currency) ?? new Map<string, ItemPeriod>();
    items.set(currency, own.set(name, item));
  }
  return items;
}
