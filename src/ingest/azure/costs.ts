import { quoted, type Refusal } from "#facts/source-mapping.ts";
import type { SourceColumns } from "#ingest/source-columns.ts";

/**
 * Which export of the same money a file is, and what is taken of it:
 * - actual: what is invoiced; purchases of commitments as they are billed, usage that they cover at 0
 * - amortized: what was used; commitments spread over the usage they cover and what nobody used, no purchases
 * - purchases: of an actual export only the commitments' purchases and refunds, which an amortised export lacks
 */
export type AzureExport = "actual" | "amortized" | "purchases";

/** What a row has to do with commitments, as SQL conditions. */
export interface AzureKinds {
  /** A commitment is bought or given back. */
  readonly purchase: string;
  /** Usage that a commitment pays for. */
  readonly covered: string;
  /** What of a commitment nobody used. */
  readonly unused: string;
}

/** The conditions over an Azure file's columns; EA and MCA name commitments differently. */
export function azureKinds(azure: SourceColumns): AzureKinds {
  const type = azure.text("ChargeType");
  const committed = `(coalesce(${azure.text("PricingModel")} in ('Reservation', 'SavingsPlan', 'Savings Plan'), false)
    or ${azure.text("ReservationId")} is not null or ${azure.text("BenefitId")} is not null)`;
  return {
    purchase: `(${type} in ('Purchase', 'Refund') and ${committed})`,
    covered: `(${type} = 'Usage' and ${committed})`,
    unused: `(${type} in ('UnusedReservation', 'UnusedSavingsPlan'))`,
  };
}

/** The cost measures of a row of that export. */
export function azureCosts(
  cost: string,
  payAsYouGo: string,
  kind: AzureExport,
  { purchase, covered, unused }: AzureKinds,
): { BilledCost: string; EffectiveCost: string; ContractedCost: string; ListCost: string } {
  return {
    BilledCost: `case when ${covered} or ${unused} then 0 else ${cost} end`,
    // An actual export doesn't say what covered usage costs: unknown, not 0.
    EffectiveCost: `case when ${purchase} then 0 when ${covered} then ${kind === "amortized" ? cost : "null"} else ${cost} end`,
    ContractedCost: `case when ${covered} then null when ${unused} then 0 else ${cost} end`,
    ListCost: `case when ${unused} then 0 else ${payAsYouGo} end`,
  };
}

/** Rows that can only be of the other export: taken for the wrong one their money would be lost or counted twice. */
export function otherExport(
  costColumn: string,
  typeColumn: string,
  kind: AzureExport,
  { purchase, covered, unused }: AzureKinds,
): Refusal[] {
  const code = "format-option-needed";
  if (kind === "amortized") {
    return [
      {
        condition: purchase,
        column: typeColumn,
        code,
        what: "of a reservation or savings plan occurs only in an export of actual cost",
        hint: "Import it with --format azure, or give the amortised export.",
      },
    ];
  }
  const hint =
    "Import it with --format azure-amortized, and the purchases from the actual export as another source with --format azure-purchases.";
  return [
    {
      condition: unused,
      column: typeColumn,
      code,
      what: "occurs only in an export of amortised cost",
      hint,
    },
    {
      condition: `${covered} and ${quoted(costColumn)} <> 0`,
      column: costColumn,
      code,
      what: "for usage that a reservation or savings plan covers occurs only in an export of amortised cost",
      hint,
    },
  ];
}
