import { absolute } from "#units/decimal.ts";
/** Cost of a place that has an owner or none. */
export interface PlaceCost {
  readonly account: string | null;
  readonly service: string | null;
  /** What the names of its resources begin with. */
  readonly beginning: string | null;
  /** null is nobody. */
  readonly owner: string | null;
  readonly currency: string;
  readonly charges: number;
  /** In units of the 18th decimal. */
  readonly cost: bigint;
}

/** Conditions on a place; what is absent does not matter. */
export interface Place {
  readonly account?: string;
  readonly service?: string;
  readonly beginning?: string;
}

/** A rule that would give an owner to cost that has none. */
export interface Suggestion {
  readonly place: Place;
  /** Who has most of what is owned there already; undefined where nothing is: a person must say. */
  readonly owner?: string;
  /** Millionths of the owned cost there that this owner has; the least of the accounts and currencies that the place spans. */
  readonly agreement?: number;
  /** Cost there that has an owner: what the agreement rests on. */
  readonly owned: readonly { readonly currency: string; readonly cost: bigint }[];
  /** Cost without an owner that it would attribute and that no suggestion before it does, per currency. */
  readonly attributes: readonly {
    readonly currency: string;
    readonly charges: number;
    readonly cost: bigint;
  }[];
}

/** Below this agreement a rule on the place would be wrong too often to be worth suggesting, in millionths. */
const AGREED = 950_000;

/**
 * The rules that would attribute the most cost, greedily: each is the place with the largest share of a currency's cost that has no owner and
 * is not covered yet. A place whose owned cost is mostly one owner's is suggested for that owner, one that nobody owns any of for a person to
 * say; a place that several share is not suggested, more narrow ones are.
 * @param costs of all places; equal places may be there once per owner and currency
 */
export function suggestRules(costs: readonly PlaceCost[], most: number): Suggestion[] {
  const totals = new Map<string, bigint>();
  for (const { currency, cost } of costs) totals.set(currency, (totals.get(currency) ?? 0n) + absolute(cost));
  const candidates = candidatesOf(costs).filter(
    ({ agreement }) => agreement === undefined || agreement >= AGREED,
  );
  const covered = new Set<PlaceCost>();
  const suggestions: Suggestion[] = [];
  while (suggestions.length < most) {
    const best = bestOf(candidates, covered, totals);
    if (best === undefined) break;
    const news = best.unowned.filter((cost) => !covered.has(cost));
    news.forEach((cost) => covered.add(cost));
    suggestions.push({
      place: best.place,
      ...(best.owner === undefined ? {} : { owner: best.owner }),
      ...(best.agreement === undefined ? {} : { agreement: best.agreement }),
      owned: best.owned,
      attributes: byCurrency(news),
    });
  }
  return suggestions;
}

interface Candidate {
  readonly place: Place;
  readonly unowned: readonly PlaceCost[];
  readonly owned: Suggestion["owned"];
  readonly owner?: string;
  readonly agreement?: number;
}

function candidatesOf(costs: readonly PlaceCost[]): Candidate[] {
  const places = new Map<string, { place: Place; costs: PlaceCost[] }>();
  for (const cost of costs) {
    for (const place of placesOf(cost)) {
      const id = JSON.stringify([place.account, place.service, place.beginning]);
      const known = places.get(id) ?? { place, costs: [] };
      known.costs.push(cost);
      places.set(id, known);
    }
  }
  return [...places.values()].flatMap(({ place, costs: its }) => {
    const unowned = its.filter(({ owner }) => owner === null);
    const owned = byCurrency(its.filter(({ owner }) => owner !== null)).map(({ currency, cost }) => ({
      currency,
      cost,
    }));
    return unowned.length === 0 ? [] : [{ place, unowned, owned, ...ownerOf(its) }];
  });
}

/** Wide places first: of two that attribute as much, the simpler rule is the better one. */
function placesOf({ account, service, beginning }: PlaceCost): Place[] {
  const its = {
    ...(account === null ? {} : { account }),
    ...(service === null ? {} : { service }),
    ...(beginning === null ? {} : { beginning }),
  };
  const shapes: readonly (readonly (keyof Place)[])[] = [
    ["account"],
    ["service"],
    ["beginning"],
    ["account", "service"],
    ["account", "beginning"],
  ];
  return shapes
    .filter((shape) => shape.every((part) => its[part] !== undefined))
    .map((shape) => Object.fromEntries(shape.map((part) => [part, its[part]])));
}

/**
 * The owner of most of what is owned at a place. What is owned in one account and currency says nothing about another: names there are given by other
 * people, so each that holds cost of nobody must speak for itself.
 */
function ownerOf(costs: readonly PlaceCost[]): { owner?: string; agreement?: number } {
  const found = new Map(
    [...new Set(costs.map(whereOf))].map((where) => [
      where,
      mostOf(costs.filter((cost) => cost.owner !== null && whereOf(cost) === where)),
    ]),
  );
  const told = [...found.values()].filter((each) => each !== undefined);
  const [first] = told;
  if (first === undefined) return {};
  const isSilent = costs.some((cost) => cost.owner === null && found.get(whereOf(cost)) === undefined);
  const isShared = told.some(({ owner }) => owner !== first.owner);
  const agreement = isSilent || isShared ? 0 : Math.min(...told.map((each) => each.agreement));
  return { owner: first.owner, agreement };
}

const whereOf = ({ account, currency }: PlaceCost): string => JSON.stringify([account, currency]);

function mostOf(owned: readonly PlaceCost[]): { owner: string; agreement: number } | undefined {
  const costs = new Map<string, bigint>();
  for (const { owner, cost } of owned)
    costs.set(owner ?? "", (costs.get(owner ?? "") ?? 0n) + absolute(cost));
  const sum = [...costs.values()].reduce((all, each) => all + each, 0n);
  if (sum === 0n) return undefined;
  const [owner, weight] = [...costs].reduce((best, each) => (each[1] > best[1] ? each : best));
  return { owner, agreement: Number((weight * 1_000_000n) / sum) };
}

/** The candidate that covers the largest share of a currency's cost; the first of equals. */
function bestOf(
  candidates: readonly Candidate[],
  covered: ReadonlySet<PlaceCost>,
  totals: ReadonlyMap<string, bigint>,
): Candidate | undefined {
  let best: { candidate: Candidate; size: number } | undefined;
  for (const candidate of candidates) {
    const news = byCurrency(candidate.unowned.filter((cost) => !covered.has(cost)));
    const size = news.reduce((all, { currency, cost }) => all + shareOf(cost, totals.get(currency) ?? 0n), 0);
    if (size > (best?.size ?? 0)) best = { candidate, size };
  }
  return best?.candidate;
}

/** Billionths of a total: only the order of shares matters, so rounding them is harmless. */
const shareOf = (cost: bigint, total: bigint): number =>
  total === 0n ? 0 : Number((absolute(cost) * 1_000_000_000n) / total);

function byCurrency(costs: readonly PlaceCost[]): Suggestion["attributes"] {
  const all = new Map<string, { currency: string; charges: number; cost: bigint }>();
  for (const { currency, charges, cost } of costs) {
    const before = all.get(currency) ?? { currency, charges: 0, cost: 0n };
    all.set(currency, { currency, charges: before.charges + charges, cost: before.cost + cost });
  }
  return [...all.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
