import { type Suggestion, suggestRules } from "#analysis/attribution/suggest-rules.ts";
import { type AttributionKey, attributionKeys } from "#facts/attribution-keys.ts";
import { openLake } from "#lake/open-lake.ts";
import type { Judged } from "#lake/queries/attribution-change.ts";
import { ownersByPlace } from "#lake/queries/owners-by-place.ts";
import { decimal } from "#units/decimal.ts";

/** Places are looked at by size; what comes after so many is too small to be worth a rule. */
const MOST_PLACES = 20_000;

/** Cost with and without an owner, per currency. */
export interface OwnedShare {
  readonly currency: string;
  readonly total: bigint;
  readonly owned: bigint;
}

/** Rules that would attribute the most cost, and how much is attributed now. */
export interface Suggestions {
  readonly key: AttributionKey;
  readonly shares: readonly OwnedShare[];
  readonly suggestions: readonly Suggestion[];
  /** True if charges of nodes are divided among who used them, which shares and suggestions leave out: they are of what was bought. */
  readonly divided: boolean;
}

/**
 * The rules that would give an owner to the most cost that has none. Nothing is written.
 * @throws Problem "lake-empty"
 */
export async function suggestedRules(
  data: string,
  { key, most, ...judged }: Judged & { readonly key: AttributionKey; readonly most: number },
): Promise<Suggestions> {
  const lake = await openLake(data, judged.window, judged.role);
  try {
    const query = ownersByPlace(lake.dialect, attributionKeys[key], judged, MOST_PLACES);
    const rows = (await lake.engine.query(query)).map((row) => ({
      account: textOf(row["account"]),
      service: textOf(row["service"]),
      beginning: textOf(row["beginning"]),
      owner: textOf(row["owner"]),
      currency: String(row["currency"]),
      charges: Number(row["charges"]),
      cost: decimal(String(row["cost"])),
    }));
    return {
      key,
      shares: sharesOf(rows),
      suggestions: suggestRules(rows, most),
      divided: lake.dialect.divided,
    };
  } finally {
    lake.close();
  }
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

function sharesOf(rows: readonly { owner: string | null; currency: string; cost: bigint }[]): OwnedShare[] {
  const all = new Map<string, OwnedShare>();
  for (const { owner, currency, cost } of rows) {
    const before = all.get(currency) ?? { currency, total: 0n, owned: 0n };
    const owned = owner === null ? before.owned : before.owned + cost;
    all.set(currency, { currency, total: before.total + cost, owned });
  }
  return [...all.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
