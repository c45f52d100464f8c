import { literal } from "#facts/source-mapping.ts";

const list = (names: readonly string[]): string => `(${names.map(literal).join(", ")})`;

/** Usage that a Savings Plan pays for, and the line that takes its on-demand cost back. */
export const COVERED = "SavingsPlanCoveredUsage";
/** What takes the list price of covered usage back. */
export const NEGATION = "SavingsPlanNegation";
/** Usage that a reservation pays for. */
export const RESERVED = "DiscountedUsage";
/** A line that Plimsoll adds where covered usage and its negation differ; AWS writes none of this name. */
export const RESIDUE = "SavingsPlanResidue";

const discounts = ["EdpDiscount", "PrivateRateDiscount", "BundledDiscount", "RiVolumeDiscount", "Discount"];

/** A line is the fee of a commitment; a Fee is one only if it names a reservation. */
export const isCommitmentFee = (type: string, reservationArn: string): string =>
  `(${type} in ('SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee', 'RIFee') or (${type} = 'Fee' and ${reservationArn} is not null))`;

/** SQL: the line item lowers what another one costs. */
export const isDiscount = (type: string): string => `${type} in ${list(discounts)}`;

/**
 * FOCUS ChargeCategory of a CUR line item type. A discount is the price of usage, not a credit that was granted. A refund names no
 * category of its own, so it is an Adjustment that corrects (ChargeClass) what was invoiced before.
 */
export const chargeCategory = (type: string): string =>
  `case when ${type} in ${list(["Usage", COVERED, NEGATION, RESERVED, ...discounts])} then 'Usage'
    when ${type} in ('Fee', 'RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee') then 'Purchase'
    when ${type} in ('Tax', 'Credit') then ${type}
    else 'Adjustment' end`;

/** FOCUS ChargeFrequency of a CUR line item type. */
export const chargeFrequency = (type: string): string =>
  `case when ${type} in ('RIFee', 'SavingsPlanRecurringFee') then 'Recurring'
    when ${type} in ${list(["Usage", COVERED, NEGATION, RESERVED, ...discounts])} then 'Usage-Based'
    else 'One-Time' end`;

/** Only usage and purchases have a pricing category. */
export const pricingCategory = (type: string, usageType: string): string =>
  `case when ${type} in ${list([COVERED, NEGATION, RESERVED])} then 'Committed'
    when ${type} in ('Tax', 'Credit', 'Refund', ${literal(RESIDUE)}) then null
    when contains(${usageType}, 'SpotUsage') then 'Dynamic'
    when ${chargeCategory(type)} in ('Usage', 'Purchase') then 'Standard' end`;
