import type { Confidence } from "#facts/workload.ts";

/** How often two sources bill the same, and how many different amounts that was. */
export interface Agreement {
  /** Days or months of an account that both bill, or rows of the source that has fewer. */
  readonly shared: number;
  readonly agree: number;
  /** Different amounts among those that agree. */
  readonly amounts: number;
}

/** How alike the days of one model are in two sources. */
export interface ModelAgreement {
  readonly shared: number;
  readonly agree: number;
  /** −1 to 1; null where one of them never changes. */
  readonly correlation: number | null;
  /** Days on which both count tokens, and those on which they count the same. */
  readonly tokenDays: number;
  readonly tokenDaysAlike: number;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** @returns undefined where too little agrees, or always the same amount: two fees may be equal */
export function judgeDays({ shared, agree, amounts }: Agreement): Confidence | undefined {
  const share = ratio(agree, shared);
  if (amounts >= 5 && share >= 0.9) return "high";
  return amounts >= 3 && share >= 0.5 ? "medium" : undefined;
}

/** For bills that know months only; few of them are few witnesses. */
export function judgeMonths({ shared, agree, amounts }: Agreement): Confidence | undefined {
  if (amounts >= 3 && ratio(agree, shared) >= 0.9) return "medium";
  return amounts === 2 && agree === shared ? "low" : undefined;
}

/** Of charges that name a resource, a start and an amount: several resources that cost the same all the time are evidence too. */
export function judgeRows({
  shared,
  agree,
  amounts,
  resources,
}: Agreement & { readonly resources: number }): Confidence | undefined {
  if (agree < 10 || (amounts < 5 && (amounts < 2 || resources < 3))) return undefined;
  const share = ratio(agree, shared);
  return share >= 0.9 ? "high" : share >= 0.3 && amounts >= 5 ? "medium" : undefined;
}

/** Of a model's days: near each other, and going up and down together, which two customers of one provider don't. */
export function judgeModel(model: ModelAgreement): Confidence | undefined {
  const { shared, agree, correlation, tokenDays, tokenDaysAlike } = model;
  if (shared < 7 || ratio(agree, shared) < 0.8 || correlation === null || correlation < 0.9) return undefined;
  return tokenDays >= 7 && ratio(tokenDaysAlike, tokenDays) >= 0.8 ? "high" : "medium";
}

const order: readonly Confidence[] = ["high", "medium", "low"];

/** The surest of some judgements; undefined if there is none. */
export const surest = (judged: readonly (Confidence | undefined)[]): Confidence | undefined =>
  order.find((each) => judged.includes(each));
