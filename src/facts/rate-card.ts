import type { Instant } from "#units/instant.ts";
import { type TokenPart, tokenParts } from "./token-usage.ts";

/** How a call is bought: at once, within a day at half the price, when there is room, or before others. */
export const serviceTiers = ["standard", "batch", "flex", "priority"] as const;
/** How a call is bought. */
export type ServiceTier = (typeof serviceTiers)[number];

/** What is charged by the request beside its tokens. */
export const requestFees = ["request", "web_search", "file_search"] as const;
/** What is charged by the request beside its tokens. */
export type RequestFee = (typeof requestFees)[number];

/** Everything that has a rate: the cells of the partition, and fees. */
export type Charged = TokenPart | RequestFee;
/** Everything that has a rate. */
export const allCharged: readonly Charged[] = [...tokenParts, ...requestFees];

/** From a size on: applies to more than `above` tokens. */
export interface RateStep {
  readonly above: number;
  /** Units of the 18th decimal that one token, or one request, costs: exact, since a rate per million has 12 decimals at most. */
  readonly units: bigint;
}

/** What one token or one request costs. The first step is above 0 and holds for all that no later one does. */
export interface Rate {
  readonly steps: readonly RateStep[];
  /**
   * What a step is held against. request: the input tokens of the whole request, and then all of its tokens pay that step's rate.
   * part: the tokens of the class itself, and only those above pay it.
   */
  readonly scope: "request" | "part";
}

/** Hours of the day in UTC, in seconds from midnight; from the evening into the morning if the end is before the start. */
export interface DailyWindow {
  readonly start: number;
  readonly end: number;
}

/** What a model's tokens cost under one condition, as one source has it. */
export interface RateCard {
  /** Names the row where it stands: unique among the cards of its layer. */
  readonly id: string;
  readonly tier: ServiceTier;
  /** Region or deployment that it holds for; all if absent. */
  readonly region?: string;
  readonly currency: string;
  readonly validFrom?: Instant;
  /** Before this instant. */
  readonly validTo?: Instant;
  readonly daily?: DailyWindow;
  /** True for a whole price list of its model: cards before it are not asked for what it lacks. */
  readonly whole: boolean;
  readonly rates: Readonly<Partial<Record<Charged, Rate>>>;
  /** Units that the source charges too and that a call's tokens don't tell, such as pages of a document. */
  readonly uncounted: readonly string[];
  readonly source: string;
  /** When the source said so. */
  readonly asOf?: Instant;
}

const DAY_SECONDS = 86_400;

/** True where a card holds at an instant. */
export function holdsAt({ validFrom, validTo, daily }: RateCard, at: Instant): boolean {
  if (validFrom !== undefined && at < validFrom) return false;
  if (validTo !== undefined && at >= validTo) return false;
  if (daily === undefined) return true;
  const second = (at / 1000) % DAY_SECONDS;
  return daily.end < daily.start
    ? second >= daily.start || second < daily.end
    : second >= daily.start && second < daily.end;
}
