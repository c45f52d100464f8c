import { absolute, divideRounded, ONE } from "#units/decimal.ts";

/** Token classes that providers bill apart. */
export const billedClasses = ["input", "cached", "output"] as const;
export type BilledClass = (typeof billedClasses)[number];

/** What was billed of a class: whole tokens, undefined where the bill does not state them, and cost in units of the 18th decimal. */
export interface Billed {
  readonly tokens: bigint | undefined;
  readonly cost: bigint;
}

/** What a provider, model and project came to on a day, in one currency. */
export interface DayOfModel {
  /** Of several days of one model these follow each other. */
  readonly day: string;
  readonly billed: Readonly<Partial<Record<BilledClass, Billed>>>;
  /** Credits and refunds on the bill; below zero where they lower it. */
  readonly credits: bigint;
  readonly metered: Readonly<Record<BilledClass, bigint>>;
  /** Calls × their prices; undefined where some call has none. */
  readonly meteredCost: bigint | undefined;
  /** What one token of a class costs by our prices, units of the 18th decimal; undefined where nobody knows. */
  readonly rates: Readonly<Partial<Record<BilledClass, bigint>>>;
  /** The same of other ways to buy, such as batch. */
  readonly otherRates: readonly {
    readonly tier: "batch" | "flex" | "priority";
    readonly rates: Readonly<Partial<Record<BilledClass, bigint>>>;
  }[];
}

/**
 * Why a bill and its calls differ.
 * - credit: credits and refunds, which no call tells of
 * - cache-class: tokens billed as cached and counted as fresh, or the other way round
 * - time-zone: tokens that the neighbouring day has too many or too few of
 * - missing-traffic: tokens billed and not metered, or metered and not billed
 * - batch, flex, priority: billed at the rates of that way to buy, or at half of ours as batches are sold
 * - stale-price: billed at another rate than our prices say
 * - price-steps: calls priced at other rates than a small standard one: long requests, other tiers, or prices that were in force when they came in
 * - rounding: less than a cent
 * - unexplained: the rest
 */
export type VarianceCause =
  | "credit"
  | "cache-class"
  | "time-zone"
  | "missing-traffic"
  | "batch"
  | "flex"
  | "priority"
  | "stale-price"
  | "price-steps"
  | "rounding"
  | "unexplained";

/** A part of a difference, with what it rests on. */
export interface Variance {
  readonly cause: VarianceCause;
  /** Units of the 18th decimal: above zero where the bill is higher. */
  readonly amount: bigint;
  readonly evidence: string;
}

/** A day's difference; its parts add up to it, to the last unit. */
export interface ReconciledDay {
  readonly day: string;
  readonly billed: bigint;
  /** undefined where some call has no price: then nothing is named. */
  readonly metered: bigint | undefined;
  readonly difference: bigint | undefined;
  readonly parts: readonly Variance[];
}

const CENT = ONE / 100n;
/** Two rates are the same if they differ by less than one in so many. */
const SAME_RATE = 1000n;

/**
 * Names why what was billed differs from what was metered, day by day of one model.
 * @param days in order of time
 */
export function reconcileDays(days: readonly DayOfModel[]): ReconciledDay[] {
  const told = days.map(withTokens);
  const moved = timeZoneMoves(told);
  return told.map((day, index) => reconcileDay(day, moved[index] ?? {}));
}

type Told = Omit<DayOfModel, "billed"> & {
  readonly billed: Readonly<Partial<Record<BilledClass, { readonly tokens: bigint; readonly cost: bigint }>>>;
};

/** A bill that states no tokens is taken to be at our rates: then it holds as many as its cost buys. */
function withTokens(day: DayOfModel): Told {
  const billed = billedClasses.flatMap((name) => {
    const [of, rate] = [day.billed[name], day.rates[name]];
    if (of === undefined) return [];
    const implied = rate === undefined || rate === 0n ? 0n : divideRounded(of.cost, rate, "half-even");
    return [[name, { cost: of.cost, tokens: of.tokens ?? implied }] as const];
  });
  return { ...day, billed: Object.fromEntries(billed) };
}

type Tokens = Readonly<Partial<Record<BilledClass, bigint>>>;

function reconcileDay(day: Told, moved: Tokens): ReconciledDay {
  const billed = billedClasses.reduce((sum, name) => sum + (day.billed[name]?.cost ?? 0n), 0n) + day.credits;
  const { meteredCost } = day;
  if (meteredCost === undefined)
    return { day: day.day, billed, metered: undefined, difference: undefined, parts: [] };
  const difference = billed - meteredCost;
  const parts: Variance[] = [];
  const add = (cause: VarianceCause, amount: bigint, evidence: string): void => {
    if (amount !== 0n) parts.push({ cause, amount, evidence });
  };
  add("credit", day.credits, "credits and refunds on the bill");
  addTokens(day, moved, add);
  addRates(day, add);
  const atRates = billedClasses.reduce((sum, name) => sum + day.metered[name] * (day.rates[name] ?? 0n), 0n);
  const isPriced = billedClasses.every((name) => day.metered[name] === 0n || day.rates[name] !== undefined);
  if (isPriced)
    add(
      "price-steps",
      atRates - meteredCost,
      "calls at the rates of a small standard one, less what they were priced at",
    );
  const rest = difference - parts.reduce((sum, { amount }) => sum + amount, 0n);
  if (absolute(rest) < CENT) add("rounding", rest, "less than a cent");
  else
    add(
      "unexplained",
      rest,
      isPriced ? "no part of it is known" : "some class of its tokens has no rate of ours",
    );
  return { day: day.day, billed, metered: meteredCost, difference, parts };
}

type Add = (cause: VarianceCause, amount: bigint, evidence: string) => void;

/** Billed less metered tokens, at our rates. */
function addTokens(day: Told, moved: Tokens, add: Add): void {
  const { rates } = day;
  const left = { ...differencesOf(day) };
  for (const name of billedClasses) {
    const tokens = moved[name] ?? 0n;
    if (tokens === 0n || rates[name] === undefined) continue;
    left[name] -= tokens;
    add(
      "time-zone",
      tokens * rates[name],
      `${tokens} ${name} tokens that the neighbouring day has the other way round`,
    );
  }
  // What one of the two has too many of and the other too few was put into another class.
  const shifted = opposite(left.cached, left.input);
  if (shifted !== 0n && rates.input !== undefined && rates.cached !== undefined) {
    left.cached -= shifted;
    left.input += shifted;
    const words =
      shifted > 0n ? "billed as cached and counted as fresh" : "billed as fresh and counted as cached";
    add("cache-class", shifted * (rates.cached - rates.input), `${absolute(shifted)} input tokens ${words}`);
  }
  for (const name of billedClasses) {
    const [tokens, rate, of] = [left[name], rates[name], day.billed[name]];
    // Nothing of it was metered: what it was billed at is what it cost, whether we have a rate or not.
    if (rate === undefined && day.metered[name] === 0n && of !== undefined)
      add("missing-traffic", of.cost, `${of.tokens} ${name} tokens billed and not metered`);
    if (tokens === 0n || rate === undefined) continue;
    const words = tokens > 0n ? "billed and not metered" : "metered and not billed";
    add("missing-traffic", tokens * rate, `${absolute(tokens)} ${name} tokens ${words}`);
  }
}

const differencesOf = ({ billed, metered }: Told): Record<BilledClass, bigint> => ({
  input: (billed.input?.tokens ?? 0n) - metered.input,
  cached: (billed.cached?.tokens ?? 0n) - metered.cached,
  output: (billed.output?.tokens ?? 0n) - metered.output,
});

/** How much of `a` is made good by `b`: with the sign of `a`, and none where both have the same. */
function opposite(a: bigint, b: bigint): bigint {
  if (a === 0n || b === 0n || a > 0n === b > 0n) return 0n;
  const size = absolute(a) < absolute(b) ? absolute(a) : absolute(b);
  return a > 0n ? size : -size;
}

/** Billed tokens at the rate that they were billed at, less at ours. */
function addRates({ billed, rates, otherRates }: Told, add: Add): void {
  for (const name of billedClasses) {
    const [of, rate] = [billed[name], rates[name]];
    if (of === undefined || of.tokens <= 0n || rate === undefined) continue;
    const amount = of.cost - of.tokens * rate;
    if (absolute(amount) * SAME_RATE < of.tokens * rate) continue;
    const paid = divideRounded(of.cost, of.tokens, "half-even");
    const tier = otherRates.find(
      ({ rates: own }) => own[name] !== undefined && isSame(paid, own[name] ?? 0n),
    )?.tier;
    const words = `${name} billed at ${perMillion(paid)} a million, ours is ${perMillion(rate)}`;
    if (tier !== undefined) add(tier, amount, `${words}; that is ${tier}`);
    // Providers sell batches at half the price; most lists don't repeat them.
    else if (isSame(paid * 2n, rate)) add("batch", amount, `${words}; half of it, as batches are sold`);
    else add("stale-price", amount, words);
  }
}

const isSame = (a: bigint, b: bigint): boolean => absolute(a - b) * SAME_RATE < b;

/** A rate of one token as that of a million, without needless zeros. */
function perMillion(units: bigint): string {
  const [whole, rest] = [
    (units * 1_000_000n) / ONE,
    ((units * 1_000_000n) % ONE).toString().padStart(18, "0").slice(0, 6),
  ];
  const decimals = rest.replace(/0+$/, "");
  return decimals === "" ? String(whole) : `${whole}.${decimals}`;
}

/**
 * Tokens that a provider's day has and ours has not, because their days begin at other times: of neighbouring days those of opposite sign. Each is moved once. A day's
 * bill that lacks everything is no edge: at most a quarter of a day's tokens is one.
 */
function timeZoneMoves(days: readonly Told[]): Tokens[] {
  const moves = days.map((): Record<BilledClass, bigint> => ({ input: 0n, cached: 0n, output: 0n }));
  for (const name of billedClasses) {
    const left = days.map((day) => differencesOf(day)[name]);
    for (let index = 0; index + 1 < days.length; index++) {
      const [one, next] = [days[index], days[index + 1]];
      if (one === undefined || next === undefined || !isNext(one.day, next.day)) continue;
      const tokens = opposite(left[index] ?? 0n, left[index + 1] ?? 0n);
      const most = smaller(one.metered[name], next.metered[name]) / 4n;
      if (tokens === 0n || absolute(tokens) > most) continue;
      left[index] = (left[index] ?? 0n) - tokens;
      left[index + 1] = (left[index + 1] ?? 0n) + tokens;
      const [first, second] = [moves[index], moves[index + 1]];
      if (first !== undefined) first[name] += tokens;
      if (second !== undefined) second[name] -= tokens;
    }
  }
  return moves;
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const isNext = (day: string, next: string): boolean => Date.parse(next) - Date.parse(day) === 86_400_000;
