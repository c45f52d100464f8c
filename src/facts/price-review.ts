import { absolute } from "#units/decimal.ts";
import type { PriceRow } from "./price.ts";

/** A price that moved too far to be taken unseen. */
export interface HeldPrice {
  readonly offered: PriceRow;
  readonly former: PriceRow;
}

/** What a refresh brings, compared with the prices in force. */
export interface PriceReview {
  /** Prices to take. */
  readonly taken: readonly PriceRow[];
  /** Prices left out until a person accepts them; the former ones stay. */
  readonly held: readonly HeldPrice[];
  /** Things that had no price before. */
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  /** Things of the same provider, regions and ways of buying that had a price before and are not offered. */
  readonly missing: number;
  /** True where so many are missing that the offer is not whole. */
  readonly incomplete: boolean;
}

/** A price that moves by more than this many per cent is held. */
const JUMP_PERCENT = 30n;
/** An offer that lacks more than this many per cent of what was priced is not whole. */
export const MISSING_PERCENT = 30;

/**
 * Compares offered prices with former ones, thing by thing; of several former ones the newest counts.
 * @param accept takes prices whatever they jump
 */
export function reviewPrices(
  former: readonly PriceRow[],
  offered: readonly PriceRow[],
  accept: boolean,
): PriceReview {
  const before = new Map<string, PriceRow>();
  for (const row of former) {
    const known = before.get(keyOf(row));
    if (known === undefined || since(row) >= since(known)) before.set(keyOf(row), row);
  }
  const taken: PriceRow[] = [];
  const held: HeldPrice[] = [];
  const counts = { added: 0, changed: 0, same: 0 };
  for (const row of offered) {
    const old = before.get(keyOf(row));
    if (old !== undefined && !accept && jumps(old.price.units, row.price.units)) {
      held.push({ offered: row, former: old });
      continue;
    }
    taken.push(row);
    counts[old === undefined ? "added" : old.price.units === row.price.units ? "same" : "changed"]++;
  }
  const scopes = new Set(offered.map(scopeOf));
  const names = new Set(offered.map(keyOf));
  const expected = [...before].filter(([, row]) => scopes.has(scopeOf(row)));
  const missing = expected.filter(([key]) => !names.has(key)).length;
  return { taken, held, ...counts, missing, incomplete: missing * 100 > expected.length * MISSING_PERCENT };
}

/** True if a price moved by more than 30 % of what it was. */
const jumps = (from: bigint, to: bigint): boolean => absolute(to - from) * 100n > from * JUMP_PERCENT;

const since = ({ validFrom, asOf }: PriceRow): number => validFrom ?? asOf ?? 0;

const keyOf = ({ provider, service, sku, region, purchase, unit, price }: PriceRow): string =>
  [provider, service, sku, region, purchase, unit, price.currency].join("\0").toLowerCase();

const scopeOf = ({ provider, service, region, purchase, price }: PriceRow): string =>
  [provider, service, region, purchase, price.currency].join("\0");
