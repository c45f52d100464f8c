import type { AttributionKey } from "./attribution-keys.ts";
import type { Measure } from "./cost-question.ts";

/** How a shared cost is divided. */
export const splitMethods = ["even", "fixed", "proportional"] as const;

/** Cost of one value of a key that is given to others: what serves everyone is paid by everyone. */
export interface Split {
  readonly id: string;
  /** The key whose values give and get, such as team. */
  readonly key: AttributionKey;
  /** The value whose cost is given away, with all that earlier splits gave it. */
  readonly from: string;
  readonly method: (typeof splitMethods)[number];
  /** What a proportional split goes by: each target's own sum of it. */
  readonly by: Measure;
  /** Who gets it; every value that has cost of its own and was not split before, if absent. */
  readonly to?: readonly string[];
  /** Weights of a fixed split, as exact decimals in units of the 18th place. */
  readonly shares?: Readonly<Record<string, bigint>>;
}
