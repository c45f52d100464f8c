import { formatDecimal } from "#units/decimal.ts";
import { addCosts, type Books, type Costs, costsOf, nothing, sumBy } from "./books.ts";
import { billingPeriods, isoTime } from "./clock.ts";
import type { Delivery } from "./deliveries.ts";
import type { ChargeShape } from "./model.ts";
import { written } from "./truth-books.ts";
import { story } from "./story.ts";
import type { World } from "./world.ts";

/** Commitments: what was bought, used and left unused, exactly. */
export function commitments(world: World, books: Books) {
  return Object.entries(world.plans).flatMap(([source, plan]) => {
    const of = (status: string): bigint => {
      const sums = sumBy(books, ({ commitment, prices }) =>
        commitment?.id === plan.id && (commitment.status ?? (prices.billed > 0n ? "Bought" : "")) === status
          ? status
          : undefined,
      ).get(status);
      return (status === "Bought" ? sums?.billed : sums?.effective) ?? 0n;
    };
    const [bought, used, unused] = [of("Bought"), of("Used"), of("Unused")];
    if (bought === 0n) return [];
    return {
      source,
      id: plan.id,
      name: plan.name,
      currency: "USD",
      bought: formatDecimal(bought),
      used: formatDecimal(used),
      unused: formatDecimal(unused),
      unusedShare: Number((unused * 1_000_000n) / bought) / 1e6,
      advice: "Commit to four fifths as much when the plan is renewed.",
    };
  });
}

/** Taxes, credits, the refund and corrections of closed months, one by one. */
export function unusualCharges(books: Books) {
  return [...books]
    .filter(([{ category, correction }]) => correction || !["Usage", "Purchase"].includes(category))
    .map(([shape, tally]) => ({
      kind: shape.correction ? "correction" : kinds[shape.category as keyof typeof kinds],
      source: shape.meter.resource.account.source,
      billingPeriod: shape.period.month,
      currency: shape.currency,
      description: shape.description,
      ...(shape.correction && { resource: shape.meter.resource.id }),
      ...written(costsOf(shape, tally)),
    }));
}

const kinds = { Tax: "tax", Credit: "credit", Adjustment: "refund" } as const;

/** What August lacked when AWS first delivered it; undefined where the window ends before. */
export function lateData(world: World, deliveries: readonly Delivery[]) {
  const whole = deliveries.find(({ kind }) => kind === "redelivery");
  const first = deliveries.find(({ step }) => step === 1);
  const august = billingPeriods.at(-1);
  if (whole === undefined || first === undefined || august === undefined) return undefined;
  const ofAugust = (books: Books): Costs =>
    sumBy(books, (shape: ChargeShape) => (shape.period === august ? "" : undefined)).get("") ?? nothing;
  const [before, after] = [ofAugust(first.books), ofAugust(whole.books)];
  const minus: Costs = {
    rows: -before.rows,
    billed: -before.billed,
    effective: -before.effective,
    contracted: -before.contracted,
    list: -before.list,
  };
  return {
    source: "aws",
    billingPeriod: august.month,
    from: isoTime(story.lateFrom),
    until: isoTime(world.hours),
    firstDelivery: written(before),
    whole: written(after),
    missing: written(addCosts(after, minus)),
  };
}
