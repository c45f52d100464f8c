import { type Attribution } from "#facts/attribution.ts";
import { type AttributionKey, attributionKeyNames, attributionKeys } from "#facts/attribution-keys.ts";
import { nearestNames } from "#facts/nearest-names.ts";
import type { OpenLake } from "#lake/open-lake.ts";
import { type Judged, strayValues } from "#lake/queries/attribution-change.ts";
import { decimal } from "#units/decimal.ts";

/** A delivered value that does not count, and the listed ones that it is like: a suggestion, never done by itself. */
export interface StrayValue {
  readonly key: AttributionKey;
  readonly value: string;
  readonly currency: string;
  readonly charges: number;
  /** EffectiveCost in units of the 18th decimal. */
  readonly cost: bigint;
  readonly meant: readonly string[];
}

/**
 * Values of tags that the schema of some rules does not let count, the costliest of each key first.
 * @param asked the charges judged, and the most values to give of each key
 */
export async function strayValuesOf(
  { engine, dialect }: Pick<OpenLake, "engine" | "dialect">,
  attribution: Attribution,
  { limit, ...judged }: Judged & { readonly limit: number },
): Promise<StrayValue[]> {
  const stray: StrayValue[] = [];
  for (const key of attributionKeyNames) {
    const values = attribution.schema[key]?.values;
    if (values === undefined) continue;
    const rows = await engine.query(strayValues(dialect, attribution, attributionKeys[key], judged, limit));
    for (const row of rows) {
      const value = String(row["value"]);
      stray.push({
        key,
        value,
        currency: String(row["currency"]),
        charges: Number(row["charges"]),
        cost: decimal(String(row["cost"])),
        meant: nearestNames(value, values),
      });
    }
  }
  return stray;
}
