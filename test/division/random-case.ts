import * as fc from "fast-check";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { type Cells, DAY, HOUR, node, row } from "./rows.ts";

/** A generated charge or allocation row in whole units and hours, and as it is delivered. */
export interface Generated {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly cells: Cells;
}
export interface GeneratedCharge extends Generated {
  /** Amount columns, units; null where the cell is empty. */
  readonly amounts: Readonly<Record<string, bigint | null>>;
}
export interface GeneratedUse extends Generated {
  readonly source: string;
  readonly target: string;
  readonly kind: string;
  readonly weight: bigint | null;
}
export interface Case {
  readonly charges: readonly GeneratedCharge[];
  readonly uses: readonly GeneratedUse[];
}

export const amountColumns = [
  "BilledCost",
  "EffectiveCost",
  "ContractedCost",
  "ListCost",
  "PricingQuantity",
  "ConsumedQuantity",
] as const;

const units = fc.oneof(
  fc.bigInt({ min: -(10n ** 22n), max: 10n ** 24n }),
  fc.bigInt({ min: 0n, max: 50n }),
  fc.constantFrom(0n, 1n, 10n ** 18n, 3n * 10n ** 17n, 10n ** 37n),
);
const weight = fc.oneof(
  { weight: 10, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 22n }) },
  { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 9n }) },
  { weight: 8, arbitrary: fc.constantFrom(0n, 10n ** 18n) },
  { weight: 1, arbitrary: fc.constantFrom(-1n, null) },
);
/** Hours, days, and what reaches over both. */
const span = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }).map((from) => [from, from + 1] as const) },
  { weight: 2, arbitrary: fc.constantFrom([0, 24] as const, [24, 48] as const) },
  fc.constantFrom([0, 48] as const, [20, 28] as const, [2, 2] as const, [3, 5] as const),
);
const bucket = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }).map((from) => [from, from + 1] as const) },
  fc.constantFrom([0, 24] as const, [24, 48] as const),
);

const charge = fc
  .record({
    node: fc.integer({ min: 1, max: 4 }),
    span,
    service: fc.constantFrom("Compute", "Data transfer"),
    tags: fc.constantFrom(`{"team":"platform"}`, `{"team":"ops","app":"x"}`, ""),
    category: fc.constantFrom("Usage", "Credit"),
    amounts: fc.tuple(units, fc.option(units), units, units, fc.option(units), units),
  })
  .map(({ node: number, span: [from, to], service, tags, category, amounts }): GeneratedCharge => {
    const all = Object.fromEntries(amountColumns.map((name, index) => [name, amounts[index] ?? null]));
    const texts = Object.fromEntries(
      Object.entries(all).map(([name, amount]) => [name, amount === null ? "" : formatDecimal(amount)]),
    );
    const named = { ServiceName: service, Tags: tags, ChargeCategory: category, ResourceId: node(number) };
    const cells = { ...row(from * HOUR, to * HOUR, "0", named), ...texts };
    return { node: number, from, to, cells, amounts: all };
  });

const use = fc
  .record({
    node: fc.integer({ min: 1, max: 3 }),
    bucket,
    source: fc.constantFrom("k8s", "k8s", "other"),
    target: fc.constantFrom("", "a", "b", "c"),
    kind: fc.constantFrom("", "", "unallocated", "warm-idle"),
    weight,
  })
  .map(({ node: number, bucket: [from, to], source, target, kind, weight: size }): GeneratedUse => {
    const cells = row(from * HOUR, to * HOUR, size === null ? null : formatDecimal(size), {
      ResourceId: `aws:///zone/${node(number)}`,
      AllocatedResourceId: target === "" ? "" : `prod/${target}`,
      AllocatedTags: target === "" ? "" : `{"team":"team-${target}"}`,
      x_IdleKind: kind,
    });
    return { node: number, from, to, cells, source, target, kind, weight: size };
  });

/** Enough rows of one node and time that they often meet. */
export const generatedCase: fc.Arbitrary<Case> = fc.record({
  charges: fc.array(charge, { minLength: 10, maxLength: 40 }),
  uses: fc.array(use, { minLength: 20, maxLength: 80 }),
});

/** What a target is to get of a charge: its part of all weights, by target and kind of idle; undefined if the charge is not divided. */
export function weightsByHand(
  { node: number, from, to }: Generated,
  uses: readonly GeneratedUse[],
): Map<string, bigint> | undefined {
  const sources = [...new Set(uses.map(({ source }) => source))].sort();
  const sets = sources.flatMap((source) => {
    const own = uses.filter((each) => each.source === source && each.node === number);
    const holding = own.filter((each) => each.from <= from && to <= each.to);
    // The shortest that holds the charge; of two that do so equally, the later one.
    const [best] = [...holding].sort((a, b) => a.to - a.from - (b.to - b.from) || b.from - a.from);
    const counted =
      best !== undefined
        ? own.filter((each) => each.from === best.from && each.to === best.to)
        : (to - from) * HOUR <= DAY
          ? own.filter((each) => from <= each.from && each.to <= to)
          : [];
    if (counted.length === 0) return [];
    return [{ counted, length: Math.min(...counted.map((each) => each.to - each.from)) }];
  });
  const sound = sets.flatMap(({ counted, length }) => {
    const weights = sumByTarget(counted);
    return weights === undefined ? [] : [{ weights, length }];
  });
  // Sources are in order of their names, and sorting keeps the order of equals.
  return sound.sort((a, b) => a.length - b.length)[0]?.weights;
}

function sumByTarget(uses: readonly GeneratedUse[]): Map<string, bigint> | undefined {
  const weights = new Map<string, bigint>();
  const perBucket = new Map<string, bigint>();
  for (const { target, kind, weight: size, from, to } of uses) {
    if (size === null) return undefined;
    // What names nobody is unallocated, whether it says so or not.
    const id = `${target} ${target === "" && kind === "" ? "unallocated" : kind}`;
    weights.set(id, (weights.get(id) ?? 0n) + size);
    perBucket.set(`${id} ${from} ${to}`, (perBucket.get(`${id} ${from} ${to}`) ?? 0n) + size);
  }
  if ([...perBucket.values()].some((size) => size < 0n)) return undefined;
  const total = [...weights.values()].reduce((sum, size) => sum + size, 0n);
  return total === 0n ? undefined : weights;
}

export const unitsOf = (text: unknown): bigint => decimal(String(text));
