import { literal } from "#facts/source-mapping.ts";
import type { SourceColumns } from "#ingest/source-columns.ts";
import { COVERED, isCommitmentFee, isDiscount, NEGATION, RESERVED } from "./line-items.ts";

/** The cost measures of a CUR line, as SQL. */
export interface CurCosts {
  readonly BilledCost: string;
  readonly EffectiveCost: string;
  readonly ContractedCost: string;
  readonly ListCost: string;
  /** The part of a commitment that nobody used; it becomes a row of its own. */
  readonly unused: string;
}

/**
 * What a line costs, so that each measure of the bill adds up: billed to what AWS invoices, effective to the use of commitments
 * instead of their fees. A net column (after negotiated discounts) goes before its plain twin.
 */
export function curCosts(cur: SourceColumns): CurCosts {
  const type = cur.text("lineItem/LineItemType");
  const arn = cur.text("reservation/ReservationARN");
  const paid = netOr(cur, "lineItem/NetUnblendedCost", "lineItem/UnblendedCost");
  const list = cur.amount("pricing/publicOnDemandCost");
  const fee = isCommitmentFee(type, arn);
  return {
    // Covered usage is written and taken back by its negation; what is left of the two is a row of its own (residue.ts).
    BilledCost: `case when ${type} in (${literal(COVERED)}, ${literal(NEGATION)}) then 0 else ${paid} end`,
    EffectiveCost: `case when ${type} = ${literal(NEGATION)} then 0
      when ${type} = ${literal(COVERED)} then ${netOr(cur, "savingsPlan/NetSavingsPlanEffectiveCost", "savingsPlan/SavingsPlanEffectiveCost")}
      when ${type} = ${literal(RESERVED)} then ${netOr(cur, "reservation/NetEffectiveCost", "reservation/EffectiveCost")}
      when ${fee} then 0
      else ${paid} end`,
    ContractedCost: `case when ${type} = ${literal(NEGATION)} then 0 when ${type} = ${literal(RESERVED)} then ${list} else ${paid} end`,
    // Lines that have no list price carry a 0 there, which is no price.
    ListCost: `case when ${type} = ${literal(NEGATION)} or ${isDiscount(type)} then 0
      when ${type} in ('Usage', ${literal(COVERED)}, ${literal(RESERVED)}) then ${list}
      else ${cur.amount("lineItem/UnblendedCost")} end`,
    unused: `case when ${type} = 'SavingsPlanRecurringFee'
        then ${cur.amount("savingsPlan/TotalCommitmentToDate")} - ${cur.amount("savingsPlan/UsedCommitment")}
      when ${type} = 'RIFee' then
        coalesce(${netOr(cur, "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod", "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod")}, 0)
        + coalesce(${netOr(cur, "reservation/NetUnusedRecurringFee", "reservation/UnusedRecurringFee")}, 0) end`,
  };
}

function netOr(cur: SourceColumns, net: string, plain: string): string {
  return `coalesce(${cur.amount(net)}, ${cur.amount(plain)})`;
}
