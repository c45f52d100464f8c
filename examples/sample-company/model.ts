import type { BillingPeriod } from "./clock.ts";

/** Who delivers a bill. */
export type Source = "aws" | "azure" | "gpucloud" | "openai" | "anthropic" | "aws-cur";

/** Unit prices from an hour on, at scale 18. `contracted` is what was negotiated, or the spot price of that time. */
export interface Price {
  readonly from: number;
  readonly list: bigint;
  readonly contracted: bigint;
}

/** What is sold: FOCUS's SKU with its price over time. */
export interface Sku {
  readonly id: string;
  readonly source: Source;
  readonly service: string;
  readonly category: string;
  readonly subcategory: string;
  readonly meter: string;
  readonly description: string;
  readonly pricingUnit: string;
  /** Where it differs from the pricing unit: `tokens` are consumed singly and priced by the million. */
  readonly consumed?: { readonly unit: string; readonly perPricingUnit: number };
  readonly pricing: "Standard" | "Dynamic";
  readonly details: Readonly<Record<string, string | number>>;
  readonly prices: readonly Price[];
  /** Where the price list is in another currency than the invoice. */
  readonly quoted?: { readonly currency: string; readonly price: bigint };
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly source: Source;
  readonly use: "production" | "R&D" | "mixed";
}

/** How a resource's tags are wrong; undefined when they are right. */
export type TagDefect =
  | "untagged"
  | "capital-key"
  | "trailing-blank-key"
  | "misspelt-team"
  | "dead-cost-center"
  | "valueless";

export type Tags = Readonly<Record<string, string>>;

/** A thing in the estate. Later emitters read `kind`, `labels` and the life span; bills read its meters. */
export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** The workload that truly causes it, whatever its tags say. */
  readonly workload: string;
  readonly account: Account;
  readonly region: string;
  readonly zone?: string;
  /** Hours of the world; `until` is not included. */
  readonly from: number;
  readonly until: number;
  /** What it is for inside its workload: node-pool, role, size; not part of any bill. */
  readonly labels: Readonly<Record<string, string>>;
  readonly tagsWanted: boolean;
}

/** A resource's use of one SKU over time. */
export interface Meter {
  readonly resource: Resource;
  readonly sku: Sku;
  /** How long one charge is: an hour, a day or the calendar month. */
  readonly cadence: "hour" | "day" | "month";
  readonly from: number;
  readonly until: number;
  /** Millionths of the pricing unit used in the charge that starts at this hour; 0 makes no charge. */
  readonly micro: (hour: number) => number;
  /** True if the family savings plan may cover it. */
  readonly planEligible?: boolean;
}

/** What is measured of a workload in an hour. Emitters of signals and calls start from these. */
export type Measure =
  | "requests"
  | "attempts"
  | "failedAttempts"
  | "tasks"
  | "replicas"
  | "replicasNeeded"
  | "nodes"
  | "gpus"
  | "busyGpus"
  | "runningHours"
  | "epochs"
  | "inputTokens"
  | "cachedTokens"
  | "outputTokens"
  | "items"
  | "storedGigabytes"
  | "movedGigabytes";

/** One number per hour of the whole 13 weeks for each measure the workload has. */
export type WorkloadState = Readonly<Partial<Record<Measure, Float64Array>>>;

export type ChargeCategory = "Usage" | "Purchase" | "Tax" | "Credit" | "Adjustment";

export interface UnitPrices {
  readonly list: bigint;
  readonly contracted: bigint;
  readonly effective: bigint;
  readonly billed: bigint;
}

/** Everything about a charge that stays the same from one hour to the next; made once and compared by identity. */
export interface ChargeShape {
  readonly meter: Meter;
  readonly period: BillingPeriod;
  readonly currency: string;
  readonly prices: UnitPrices;
  readonly category: ChargeCategory;
  readonly correction: boolean;
  readonly frequency: "One-Time" | "Recurring" | "Usage-Based";
  readonly pricing: "Standard" | "Dynamic" | "Committed" | undefined;
  readonly description: string;
  /** Set on purchase, used and unused rows of a commitment. */
  readonly commitment?: { readonly id: string; readonly status: "Used" | "Unused" | undefined };
  /** Who sends the invoice, where it is not the provider. */
  readonly thirdParty?: string;
}

/** One line of a bill: every cost of it is a unit price of its shape × `micro` ÷ 10⁶, exactly. */
export interface Charge {
  readonly shape: ChargeShape;
  readonly start: number;
  readonly until: number;
  readonly micro: number;
}
