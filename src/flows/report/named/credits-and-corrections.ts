import { charges, type NamedReport, sum } from "./named-report.ts";

const group = "Credits and corrections";
const billed = sum("BilledCost");
const corrections = { group, time: "billing", where: ["ChargeClass=Correction"] } as const;

/** Money that came back, and what later bills changed of earlier ones. */
export const creditsAndCorrections: readonly NamedReport[] = [
  {
    group,
    time: "billing",
    name: "credit-memos",
    title: "Credits",
    what: "Every kind of credit per invoice, and by how much it lowers the bill.",
    source: "FOCUS use case: analyse credit memos",
    by: ["ServiceProviderName", "InvoiceIssuerName", "InvoiceId", "ChargeDescription"],
    where: ["ChargeCategory=Credit"],
    sums: [billed, sum("EffectiveCost"), charges],
  },
  {
    group,
    time: "billing",
    name: "taxes",
    title: "Taxes",
    what: "Tax per invoice and account.",
    source: "FOCUS charge category Tax",
    by: ["InvoiceIssuerName", "InvoiceId", "BillingAccountId", "ChargeDescription"],
    where: ["ChargeCategory=Tax"],
    sums: [billed, charges],
  },
  {
    ...corrections,
    name: "corrections",
    title: "Corrections",
    what: "Corrections of earlier billing periods, by the service and category they correct.",
    source: "FOCUS use case: identify corrections",
    by: ["ServiceProviderName", "ServiceCategory", "ServiceName", "ChargeCategory", "BillingPeriodStart"],
    sums: [billed, sum("EffectiveCost"), charges],
  },
  {
    ...corrections,
    name: "corrections-by-sub-account",
    title: "Corrections by sub account",
    what: "Which sub accounts' earlier bills were corrected, and by how much.",
    source: "FOCUS use case: identify corrections by sub account",
    by: ["ServiceProviderName", "BillingAccountId", "SubAccountId", "SubAccountName"],
    sums: [billed, sum("EffectiveCost"), charges],
  },
  {
    ...corrections,
    name: "corrections-by-month-of-use",
    title: "Corrections by month of use",
    what: "How far corrections reach back: the month that was corrected beside the billing period that corrects it.",
    source: "FOCUS ChargeClass; charge periods of corrections are those of the original charges",
    time: "charge",
    period: "month",
    by: ["ServiceProviderName", "BillingPeriodStart"],
    sums: [billed, sum("EffectiveCost"), charges],
  },
];
