import { amount, minus } from "./derive.ts";
import { charges, distinct, type NamedReport, sum } from "./named-report.ts";

const group = "Invoices and accounts";
const all = { by: [], where: [], time: "billing", group } as const;
const billed = sum("BilledCost");
/** The parts of an invoice; together they are its BilledCost, since a charge has one category. */
const parts = (["Usage", "Purchase", "Tax", "Credit", "Adjustment"] as const).map((category) =>
  sum("BilledCost", { name: `${category}BilledCost`, when: [`ChargeCategory=${category}`] }),
);

/** Prices before discounts: summed over purchases and usage they would count commitments twice. */
const ofUsage = (["ContractedCost", "ListCost"] as const).map((of) =>
  sum(of, { name: `Usage${of}`, when: ["ChargeCategory=Usage"] }),
);

/** Invoices, who issued them, and the accounts they are for. */
export const invoices: readonly NamedReport[] = [
  {
    ...all,
    name: "account-entities",
    title: "Billing accounts and sub accounts",
    what: "Every billing account and sub account with charges, its provider and kind, and what it was billed.",
    source: "FOCUS use case: understand the billing account or sub account entity",
    time: "charge",
    by: [
      "ServiceProviderName",
      "BillingAccountId",
      "BillingAccountName",
      "BillingAccountType",
      "SubAccountId",
      "SubAccountName",
      "SubAccountType",
    ],
    sums: [billed, charges],
  },
  {
    ...all,
    name: "billed-cost-sources",
    title: "Sources of billed cost",
    what: "Which provider, host and invoice issuer each invoice's money comes from.",
    source: "FOCUS use case: identify sources of billed cost",
    by: ["ServiceProviderName", "HostProviderName", "InvoiceIssuerName", "InvoiceId"],
    sums: [billed, charges],
  },
  {
    ...all,
    name: "invoice-reconciliation",
    title: "Invoice reconciliation by invoice",
    what: "What each invoice should say, with its usage, purchases, taxes and credits; charges without an invoice stand apart.",
    source: "FOCUS use case: verify accuracy of provider invoices",
    by: ["InvoiceIssuerName", "InvoiceId", "BillingPeriodStart"],
    sums: [billed, ...parts, charges],
  },
  {
    ...all,
    name: "invoice-reconciliation-by-account",
    title: "Invoice reconciliation by account",
    what: "What each billing account was billed in a billing period, to check against the invoices of the account.",
    source: "FOCUS use case: verify accuracy of provider invoices by billing account",
    by: ["InvoiceIssuerName", "BillingAccountId", "BillingAccountName", "BillingPeriodStart"],
    sums: [billed, ...parts, distinct("InvoiceId", "Invoices"), charges],
  },
  {
    ...all,
    name: "service-charges-by-invoice",
    title: "Service charges behind each invoice",
    what: "Which services an invoice charges for.",
    source: "FOCUS use case: verify accuracy of services charges across providers",
    by: ["InvoiceIssuerName", "InvoiceId", "ServiceProviderName", "ServiceName", "ChargeCategory"],
    sums: [billed, charges],
    example: "InvoiceId=123",
  },
  {
    ...all,
    name: "billed-cost-by-month",
    title: "Billed cost by billing period",
    what: "What each provider billed per billing period: the actuals of a cash budget.",
    source: "FOCUS use case: update budgets with billed cost",
    by: ["ServiceProviderName", "BillingAccountId", "BillingAccountName"],
    period: "month",
    sums: [billed, charges],
  },
  {
    ...all,
    name: "cash-and-amortised",
    title: "Cash against amortised cost",
    what: "Per billing period: what was invoiced, what was used of it and of earlier purchases, and the difference.",
    source: "FOCUS use case: forecast cash and amortised cost",
    by: ["ServiceProviderName"],
    period: "month",
    sums: [
      billed,
      sum("EffectiveCost"),
      sum("BilledCost", { name: "PurchaseBilledCost", when: ["ChargeCategory=Purchase"] }),
    ],
    derived: [amount("BilledLessEffectiveCost", minus("BilledCost", "EffectiveCost"))],
  },
  {
    ...all,
    name: "currency-totals",
    title: "Totals per currency",
    what: "All four costs per billing currency and pricing currency, never added together; contracted and list cost of usage only, since purchases and the usage they cover are the same money.",
    source: "FOCUS use case: allocate multi-currency charges per application",
    time: "charge",
    by: ["PricingCurrency"],
    sums: [billed, sum("EffectiveCost"), ...ofUsage, charges],
  },
  {
    ...all,
    name: "application-currencies",
    title: "Application cost per currency",
    what: "What each application costs in each currency it is billed and priced in.",
    source: "FOCUS use case: allocate multi-currency charges per application",
    time: "charge",
    by: ["x_Workload", "PricingCurrency"],
    sums: [sum("EffectiveCost"), billed],
  },
];
