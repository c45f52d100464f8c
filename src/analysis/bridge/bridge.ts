/**
 * What a change of cost is divided into. `credits` is what items of negative cost changed by, `undivided` what items changed by
 * of which a factor is unknown or not above zero: neither is explained by the factors, and both belong to the sum.
 */
export const effects = ["volume", "mix", "efficiency", "price", "credits", "undivided"] as const;
export type Effect = (typeof effects)[number];
/** The effects that the factors of the cost explain. */
export type Factor = "volume" | "mix" | "efficiency" | "price";

/** An amount per effect, in units of the 18th decimal. */
export type Parts = Readonly<Record<Effect, bigint>>;

/** An item in one of the periods; everything at the 18th decimal, and undefined where it is not known. */
export interface ItemPeriod {
  readonly cost: bigint | undefined;
  /** Units of the one resource that the bridge is about, such as tokens or GPU hours. */
  readonly units: bigint | undefined;
  /** The item's own volume, such as its requests; read where volume is of the items. */
  readonly volume?: bigint | undefined;
}

/** What is compared: a model, a workload, an instance type. A period is left out where the item was not there. */
export interface BridgeItem {
  /** Unique within the bridge. */
  readonly key: string;
  readonly before?: ItemPeriod;
  readonly after?: ItemPeriod;
}

/**
 * What the volume is, and with it the factors of an item's cost:
 *
 *     items   volume · (its volume ÷ volume) · (its units ÷ its volume) · (its cost ÷ its units)     volume, mix, efficiency, price
 *     whole   volume · (units ÷ volume) · (its units ÷ units) · (its cost ÷ its units)               volume, efficiency, mix, price
 *     units   units · (its units ÷ units) · (its cost ÷ its units)                                   volume, mix, price
 */
export type Volume =
  | { readonly of: "items" }
  /** One number for all items, such as resolved tickets. */
  | { readonly of: "whole"; readonly before: bigint | undefined; readonly after: bigint | undefined }
  | { readonly of: "units" };

export interface BridgeQuestion {
  /** Of every cost. */
  readonly currency: string;
  readonly items: readonly BridgeItem[];
  readonly volume: Volume;
  /** lmdi by default; shapley also divides items of negative or no cost, if their other factors are above zero. */
  readonly method?: "lmdi" | "shapley";
}

/** Why an item's change is not divided. */
export type WhyUndivided =
  | "units-unknown"
  | "units-not-positive"
  | "volume-unknown"
  | "volume-not-positive"
  | "cost-not-positive";

/** How an item stands in the bridge; one that came or went without units or volume is undivided. New and retired items are wholly in mix by lmdi; shapley gives a part to volume. */
export type ItemKind = "continuing" | "new" | "retired" | "credits" | "undivided";

/** One item: `before` and the parts add up to `after`, to the last unit. */
export interface BridgeRow {
  readonly key: string;
  readonly kind: ItemKind;
  readonly why?: WhyUndivided;
  readonly before: bigint;
  readonly after: bigint;
  readonly parts: Parts;
}

/** An item whose cost is unknown in a period: it is in no sum. Its cost is told as it is, also in a bridge of unit costs. */
export interface UnknownItem {
  readonly key: string;
  /** The cost where it is known; 0 where the item was not there. */
  readonly before: bigint | undefined;
  readonly after: bigint | undefined;
}

/** A sum of rows: `before` and the parts add up to `after`, to the last unit. */
export interface BridgeSum {
  readonly before: bigint;
  readonly after: bigint;
  readonly parts: Parts;
  /** Of `parts.mix`, what new items brought and retired ones took away. */
  readonly newItems: bigint;
  readonly retiredItems: bigint;
}

/** A change of cost between two periods, by item and by effect. */
export interface Bridge {
  readonly currency: string;
  /** Undefined: of the cost. Else of the cost per so many of the volume, such as 1000n. */
  readonly per?: bigint;
  readonly method: "lmdi" | "shapley";
  /** The factors that were told apart. */
  readonly factors: readonly Factor[];
  /** The volume that was used: of the items whose cost and number are known in both periods. */
  readonly volume: { readonly before: bigint | undefined; readonly after: bigint | undefined };
  /** The sum of the rows. */
  readonly sum: BridgeSum;
  /** The largest change first. */
  readonly rows: readonly BridgeRow[];
  readonly unknown: readonly UnknownItem[];
}

/** A part of everything that is nothing. */
export const noParts: Parts = { volume: 0n, mix: 0n, efficiency: 0n, price: 0n, credits: 0n, undivided: 0n };
