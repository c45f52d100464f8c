import { absolute, divideRounded, ONE } from "#units/decimal.ts";

/** What a KPI counts. */
export type KpiUnit =
  | { readonly of: "cost"; readonly currency: string }
  /** Cost per so many of something, such as 1000n requests. */
  | { readonly of: "unit-cost"; readonly currency: string; readonly per: bigint; readonly what: string }
  /** Anything else, named with its unit: "ratio", "seconds", "tokens". */
  | { readonly of: "quantity"; readonly what: string };

/** One KPI of one period. */
export interface Kpi {
  /** With the unit's currency the same in both periods, and of one row only once. */
  readonly id: string;
  readonly unit: KpiUnit;
  /** Which direction is better; neither for what is only told, such as traffic. */
  readonly better: "lower" | "higher" | "neither";
  /** At the 18th decimal; undefined where it is not known. */
  readonly value: bigint | undefined;
  /** Of a unit cost: the volume it was divided by, at the 18th decimal. */
  readonly volume?: bigint | undefined;
}

/**
 * What became of a KPI. moved: it changed, and neither direction is better. new, gone: only one period has it, in this currency. not-comparable: its unit
 * is another one.
 */
export type KpiOutcome =
  | "better"
  | "worse"
  | "moved"
  | "same"
  | "unknown"
  | "new"
  | "gone"
  | "not-comparable";

export interface KpiChange {
  readonly id: string;
  /** As this period has it; as the former had it if it is gone. */
  readonly unit: KpiUnit;
  readonly before: bigint | undefined;
  readonly after: bigint | undefined;
  readonly outcome: KpiOutcome;
  /** after − before, at the 18th decimal; undefined where they can't be compared. */
  readonly change: bigint | undefined;
  /** change ÷ |before|, for display; undefined where there is no change to tell or before is zero. */
  readonly changeRatio: number | undefined;
  /** What the change costs in this period, above zero where it costs more: a cost's change, of a new one or one that is gone all of it, or a unit cost's change times this period's volume. */
  readonly costEffect: bigint | undefined;
}

/**
 * Which KPIs moved since the former period, by how much, and whether that is better: the largest cost effect first, one currency
 * after the other; then those without one, the worse ones first.
 * @param toleranceRatio a change of no more than this part of the former value counts as none; 0 by default
 */
export function compareKpis(now: readonly Kpi[], former: readonly Kpi[], toleranceRatio = 0): KpiChange[] {
  const was = new Map(former.map((kpi) => [keyOf(kpi), kpi]));
  const is = new Set(now.map(keyOf));
  return [
    ...now.map((kpi) => compare(kpi, was.get(keyOf(kpi)), toleranceRatio)),
    ...former.filter((kpi) => !is.has(keyOf(kpi))).map(gone),
  ].sort(byCostEffect);
}

const keyOf = ({ id, unit }: Kpi): string => JSON.stringify([id, currencyOf(unit)]);

function compare(now: Kpi, former: Kpi | undefined, toleranceRatio: number): KpiChange {
  const { id, unit, value: after } = now;
  const before = former?.value;
  const told = { id, unit, before, after, change: undefined, changeRatio: undefined, costEffect: undefined };
  if (former === undefined) return { ...told, outcome: "new", costEffect: ofCost(unit, after) };
  if (!sameUnit(unit, former.unit)) return { ...told, outcome: "not-comparable" };
  if (after === undefined || before === undefined) return { ...told, outcome: "unknown" };
  const change = after - before;
  const changeRatio = before === 0n ? undefined : Number((change * ONE) / absolute(before)) / 1e18;
  const still = change === 0n || (changeRatio !== undefined && Math.abs(changeRatio) <= toleranceRatio);
  const outcome = still ? "same" : judge(change, now.better);
  return { ...told, outcome, change, changeRatio, costEffect: costEffect(now, change) };
}

function judge(change: bigint, better: Kpi["better"]): KpiOutcome {
  if (better === "neither") return "moved";
  return change < 0n === (better === "lower") ? "better" : "worse";
}

function costEffect({ unit, volume }: Kpi, change: bigint): bigint | undefined {
  if (unit.of === "cost") return change;
  if (unit.of === "quantity" || volume === undefined) return undefined;
  return divideRounded(change * volume, unit.per * ONE, "half-even");
}

const gone = ({ id, unit, value: before }: Kpi): KpiChange => ({
  id,
  unit,
  before,
  after: undefined,
  outcome: "gone",
  change: undefined,
  changeRatio: undefined,
  costEffect: ofCost(unit, before === undefined ? undefined : -before),
});

/** What came or went cost nothing in the other period. */
const ofCost = (unit: KpiUnit, effect: bigint | undefined): bigint | undefined =>
  unit.of === "cost" ? effect : undefined;

function sameUnit(a: KpiUnit, b: KpiUnit): boolean {
  const of = (unit: KpiUnit): string =>
    JSON.stringify([
      unit.of,
      "currency" in unit ? unit.currency : "",
      "per" in unit ? String(unit.per) : "",
      "what" in unit ? unit.what : "",
    ]);
  return of(a) === of(b);
}

const outcomes: readonly KpiOutcome[] = [
  "worse",
  "better",
  "moved",
  "unknown",
  "not-comparable",
  "new",
  "gone",
  "same",
];

function byCostEffect(a: KpiChange, b: KpiChange): number {
  const money = Number(b.costEffect !== undefined) - Number(a.costEffect !== undefined);
  if (money !== 0) return money;
  if (a.costEffect === undefined || b.costEffect === undefined)
    return outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome) || ratioSize(b) - ratioSize(a);
  const [left, right] = [currencyOf(a.unit), currencyOf(b.unit)];
  if (left !== right) return left < right ? -1 : 1;
  const [small, large] = [absolute(a.costEffect), absolute(b.costEffect)];
  return small === large ? 0 : small > large ? -1 : 1;
}

const ratioSize = ({ changeRatio = 0 }: KpiChange): number => Math.abs(changeRatio);

const currencyOf = (unit: KpiUnit): string => (unit.of === "quantity" ? "" : unit.currency);
