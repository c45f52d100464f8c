import { formatDecimal } from "#units/decimal.ts";
import { addCosts, type Books, type Costs, costsOf, nothing } from "./books.ts";
import type { Delivery } from "./deliveries.ts";
import type { ChargeShape } from "./model.ts";
import { workloadOf } from "./workloads.ts";
import type { World } from "./world.ts";

/** Exact sums as text, under FOCUS's names. */
const written = ({ rows, billed, effective, contracted, list }: Costs) => ({
  rows,
  BilledCost: formatDecimal(billed),
  EffectiveCost: formatDecimal(effective),
  ContractedCost: formatDecimal(contracted),
  ListCost: formatDecimal(list),
});

type Written = ReturnType<typeof written>;
type Key = (shape: ChargeShape) => string | undefined;

/** Sums by a key and currency, in order of both. */
export function sums(books: readonly Books[], keyOf: Key): Record<string, Record<string, Written>> {
  const all = new Map<string, Map<string, Costs>>();
  for (const [shape, tally] of books.flatMap((each) => [...each])) {
    const key = keyOf(shape);
    if (key === undefined) continue;
    const currencies = all.get(key) ?? new Map<string, Costs>();
    const before = currencies.get(shape.currency) ?? nothing;
    currencies.set(shape.currency, addCosts(before, costsOf(shape, tally)));
    all.set(key, currencies);
  }
  const inOrder = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    inOrder(all).map(([key, currencies]) => [
      key,
      Object.fromEntries(inOrder(currencies).map(([currency, costs]) => [currency, written(costs)])),
    ]),
  );
}

/** What the books say once every delivery is imported: a later one of the same source and month replaces the former. */
export function finalBooks(deliveries: readonly Delivery[]): Books[] {
  const live = new Map<string, Books>();
  for (const { source, books } of deliveries) {
    const byMonth = new Map<string, Books>();
    for (const [shape, tally] of books) {
      const key = `${source} ${shape.period.month}`;
      byMonth.set(key, (byMonth.get(key) ?? new Map()).set(shape, tally));
    }
    for (const [key, month] of byMonth) live.set(key, month);
  }
  return [...live.values()];
}

/** Every sum that a report can be held against. */
export function bookTruth(world: World, deliveries: readonly Delivery[]) {
  const books = finalBooks(deliveries);
  const workload: Key = ({ meter }) => meter.resource.workload;
  const defect: Key = ({ meter }) => {
    const { resource } = meter;
    return resource.tagsWanted ? (world.tags.get(resource.id)?.defect ?? "right") : "not taggable";
  };
  return {
    total: sums(books, () => "all")["all"] ?? {},
    bySource: sums(books, ({ meter }) => meter.resource.account.source),
    byMonth: sums(books, ({ period }) => period.month),
    bySourceAndMonth: sums(books, ({ meter, period }) => `${meter.resource.account.source} ${period.month}`),
    byChargeCategory: sums(books, ({ category }) => category),
    byTrueTeam: sums(books, (shape) => workloadOf(workload(shape) ?? "").team),
    byTrueWorkload: sums(books, workload),
    byTrueEnvironment: sums(books, (shape) => workloadOf(workload(shape) ?? "").environment),
    byAccountUse: sums(books, ({ meter }) => meter.resource.account.use),
    corrections: sums(books, ({ correction, description }) => (correction ? description : undefined)),
    commitments: sums(books, ({ commitment, category }) =>
      commitment === undefined ? undefined : `${commitment.id} ${commitment.status ?? category}`,
    ),
    marketplace: sums(books, ({ thirdParty }) => thirdParty),
    tags: sums(books, defect),
  };
}

/** What each delivery says, whatever became of it. */
export const deliveryTruth = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ step, source, role, kind, note, paths, books, fileRows }) => ({
    step,
    source,
    role,
    kind,
    note,
    paths,
    ...(fileRows === undefined ? {} : { fileRows }),
    byMonth: sums([books], ({ period }) => period.month),
  }));
