import { formatDecimal } from "#units/decimal.ts";
import { addCosts, type Books, type Costs, costsOf, nothing } from "./books.ts";
import type { Delivery } from "./deliveries.ts";
import type { ChargeShape, Source } from "./model.ts";
import { workloadOf } from "./workloads.ts";

/** Exact sums as text, under FOCUS's names. */
export const written = ({ rows, billed, effective, contracted, list }: Costs) => ({
  rows,
  BilledCost: formatDecimal(billed),
  EffectiveCost: formatDecimal(effective),
  ContractedCost: formatDecimal(contracted),
  ListCost: formatDecimal(list),
});

/** The provider as its bill has it, or as an importer names the sender of a bill that doesn't say. */
const providerNames: Readonly<Record<Source, string>> = {
  aws: "AWS",
  "aws-cur": "AWS",
  azure: "Microsoft",
  gpucloud: "Fjordline GPU Cloud",
  openai: "OpenAI",
  anthropic: "Anthropic",
};

type Written = ReturnType<typeof written>;
type Key = (shape: ChargeShape) => string | undefined;

/** Sums by a key and currency, in order of both. */
export function sums(books: Books, keyOf: Key): Record<string, Record<string, Written>> {
  const all = new Map<string, Map<string, Costs>>();
  for (const [shape, tally] of books) {
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
export function finalBooks(deliveries: readonly Delivery[]): Books {
  const live = new Map<string, Books>();
  for (const { source, books } of deliveries) {
    const byMonth = new Map<string, Books>();
    for (const [shape, tally] of books) {
      const key = `${source} ${shape.period.month}`;
      byMonth.set(key, (byMonth.get(key) ?? new Map()).set(shape, tally));
    }
    for (const [key, month] of byMonth) live.set(key, month);
  }
  return new Map([...live.values()].flatMap((month) => [...month]));
}

/** Every sum that a report can be held against. */
export function bookTruth(books: Books) {
  const workload: Key = ({ meter }) => meter.resource.workload;
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
    byTrueTeamAndEnvironment: sums(
      books,
      (shape) => `${workloadOf(workload(shape) ?? "").team} ${workloadOf(workload(shape) ?? "").environment}`,
    ),
    byProvider: sums(books, ({ meter }) => providerNames[meter.resource.account.source]),
    marketplace: sums(books, ({ thirdParty }) => thirdParty),
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
    byMonth: sums(books, ({ period }) => period.month),
  }));
