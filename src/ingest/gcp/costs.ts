import { literal } from "#facts/source-mapping.ts";
import type { SourceColumns } from "#ingest/source-columns.ts";

const list = (names: readonly string[]): string => `(${names.map(literal).join(", ")})`;

/** Credits that take the list price of usage back because a commitment pays for it. */
const COMMITMENT_CREDITS = ["COMMITTED_USAGE_DISCOUNT", "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE"];
/** Credits that are the price of usage rather than something that was granted. */
const DISCOUNT_CREDITS = [
  ...COMMITMENT_CREDITS,
  "SUSTAINED_USAGE_DISCOUNT",
  "SPENDING_BASED_DISCOUNT",
  "DISCOUNT",
  "RESELLER_MARGIN",
];

/** True for the fee of a committed use discount; its SKU says so, no field does. */
export const isCommitmentFee = (gcp: SourceColumns): string =>
  `(coalesce(${gcp.text("cost_type")}, 'regular') = 'regular' and coalesce(lower(${gcp.text("sku.description")}) like 'commitment%', false))`;

/** The cost measures of a line before its credits. */
export function lineCosts(gcp: SourceColumns) {
  const cost = gcp.amount("cost");
  return {
    BilledCost: cost,
    // Google spreads no fee over the usage it covers: commitments are paid by the hour, so what is billed is what accrues.
    EffectiveCost: cost,
    // Since 2025 cost is the price that a spend-based commitment gives; the contract's own price is beside it.
    ContractedCost: `coalesce(${gcp.amount("cost_at_effective_price_default")}, ${cost})`,
    ListCost: gcp.amount("cost_at_list"),
  };
}

/** The cost measures of a credit. */
export function creditCosts(gcp: SourceColumns) {
  const amount = gcp.amount("credits.amount");
  const type = gcp.text("credits.type");
  return {
    BilledCost: amount,
    EffectiveCost: amount,
    ContractedCost: `case when ${type} in ${list(COMMITMENT_CREDITS)} then 0 else ${amount} end`,
    ListCost: `case when ${type} in ${list(DISCOUNT_CREDITS)} then 0 else ${amount} end`,
  };
}
