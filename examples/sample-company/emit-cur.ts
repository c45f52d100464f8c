import { formatDecimal, ONE } from "#units/decimal.ts";
import { type Books, enter } from "./books.ts";
import { csvCell, costOf, microText } from "./cells.ts";
import { charges, periodsOf } from "./charges.ts";
import { type BillingPeriod, isoTime } from "./clock.ts";
import { curColumns } from "./cur-columns.ts";
import type { Emission } from "./emit-focus.ts";
import type { Charge, ChargeShape } from "./model.ts";
import { hexId } from "./random.ts";
import type { World } from "./world.ts";
import { createLineFile } from "./write-lines.ts";

/** A CUR names services by codes; disks are billed under that of EC2. */
const productCodes: Readonly<Record<string, string>> = {
  "Amazon Elastic Compute Cloud": "AmazonEC2",
  "Amazon Elastic Block Store": "AmazonEC2",
  "Amazon Simple Storage Service": "AmazonS3",
  "Savings Plans for AWS Compute usage": "ComputeSavingsPlans",
};

type CurLine = Readonly<Record<string, string>>;

/** One month of Tern Labs' own payer account as a legacy Cost and Usage Report: June. */
export async function emitCur(emission: Emission): Promise<{ books: Books; lines: number }> {
  const { world, out } = emission;
  const books: Books = new Map();
  const [june] = periodsOf(world);
  if (june === undefined) return { books, lines: 0 };
  const name = "aws-cur/tern-cur/20260601-20260701/tern-cur-00001.csv";
  const file = createLineFile(out, name);
  file.add(`${curColumns.join(",")}\n`);
  let lines = 0;
  const write = (rows: readonly CurLine[]): void => {
    for (const row of rows) file.add(`${curColumns.map((column) => csvCell(row[column] ?? "")).join(",")}\n`);
    lines += rows.length;
  };
  let hour: Charge[] = [];
  const flush = (): void => {
    write(hour.flatMap((charge) => curLines(world, charge, usedIn(hour))));
    hour = [];
  };
  for (const charge of charges(world, "aws-cur", june, new Map())) {
    if (charge.start !== hour[0]?.start) flush();
    hour.push(charge);
    enter(books, charge, 1);
  }
  flush();
  for (const charge of monthEnd(world, june)) {
    enter(books, charge, 1);
    write(curLines(world, charge, 0n));
  }
  await file.close();
  emission.files.push(name);
  emission.onRows(lines);
  return { books, lines };
}

/** Dollars, at scale 18, of the plan that this hour's machines used. */
function usedIn(hour: readonly Charge[]): bigint {
  return hour
    .filter(({ shape }) => shape.commitment?.status === "Used")
    .reduce((sum, { shape, micro }) => sum + costOf(shape.prices.effective, micro), 0n);
}

/** A charge as CUR writes it: covered use is written and taken back, and the unused part of a plan has no line of its own. */
function curLines(world: World, charge: Charge, used: bigint): CurLine[] {
  const { shape, micro } = charge;
  const line = commonCells(world, charge);
  const list = formatDecimal(costOf(shape.prices.list, micro));
  const arn = shape.commitment?.id ?? "";
  const plan = { "savingsPlan/SavingsPlanARN": arn };
  if (shape.category !== "Usage" && shape.commitment === undefined) {
    const type = shape.category;
    return [
      {
        ...line,
        "lineItem/LineItemType": type,
        "lineItem/UnblendedCost": list,
        "lineItem/BlendedCost": list,
      },
    ];
  }
  switch (shape.commitment?.status) {
    case "Unused":
      return [];
    case "Used":
      return [
        {
          ...line,
          ...plan,
          "lineItem/LineItemType": "SavingsPlanCoveredUsage",
          "savingsPlan/SavingsPlanRate": formatDecimal(shape.prices.effective),
          "savingsPlan/SavingsPlanEffectiveCost": formatDecimal(costOf(shape.prices.effective, micro)),
        },
        {
          ...line,
          ...plan,
          "identity/LineItemId": hexId(1, line["identity/LineItemId"] ?? "", 52),
          "lineItem/LineItemType": "SavingsPlanNegation",
          "lineItem/UnblendedCost": `-${list}`,
          "lineItem/BlendedCost": `-${list}`,
          "pricing/publicOnDemandCost": "0",
          "lineItem/LineItemDescription": `SavingsPlanNegation used by AccountId : ${shape.meter.resource.account.id}`,
        },
      ];
    default:
      if (shape.commitment === undefined) return [{ ...line, "lineItem/LineItemType": "Usage" }];
      return [
        {
          ...line,
          ...plan,
          "lineItem/LineItemType": "SavingsPlanRecurringFee",
          "pricing/publicOnDemandCost": "0",
          "savingsPlan/TotalCommitmentToDate": list,
          "savingsPlan/UsedCommitment": formatDecimal(used),
          "savingsPlan/RecurringCommitmentForBillingPeriod": list,
        },
      ];
  }
}

function commonCells(world: World, { shape, start, until, micro }: Charge): CurLine {
  const { meter, period, prices } = shape;
  const { resource, sku } = meter;
  const cost = formatDecimal(costOf(prices.list, micro));
  const rate = formatDecimal(prices.list);
  const stamp = (hour: number): string => isoTime(hour).replace("Z", ".000Z");
  const tags = world.tags.get(resource.id)?.tags ?? {};
  return {
    "identity/LineItemId": hexId(0, `${resource.id}/${sku.meter}/${shape.category}`, 52),
    "identity/TimeInterval": `${isoTime(start)}/${isoTime(until)}`,
    "bill/InvoiceId": "1733009921",
    "bill/InvoicingEntity": "Amazon Web Services, Inc.",
    "bill/BillingEntity": "AWS",
    "bill/BillType": "Anniversary",
    "bill/PayerAccountId": resource.account.id,
    "bill/BillingPeriodStartDate": stamp(period.start),
    "bill/BillingPeriodEndDate": stamp(period.until),
    "lineItem/UsageAccountId": resource.account.id,
    "lineItem/UsageStartDate": stamp(start),
    "lineItem/UsageEndDate": stamp(until),
    "lineItem/ProductCode": productCodes[sku.service] ?? "",
    "lineItem/UsageType": sku.meter,
    "lineItem/AvailabilityZone": resource.zone ?? "",
    "lineItem/UsageAmount": microText(micro),
    "lineItem/CurrencyCode": "USD",
    "lineItem/UnblendedRate": rate,
    "lineItem/UnblendedCost": cost,
    "lineItem/BlendedRate": rate,
    "lineItem/BlendedCost": cost,
    "lineItem/LineItemDescription": shape.description,
    "lineItem/LegalEntity": "Amazon Web Services, Inc.",
    "lineItem/ResourceId": resource.id,
    "product/ProductName":
      sku.service === "Amazon Elastic Block Store" ? "Amazon Elastic Compute Cloud" : sku.service,
    "product/region": resource.region,
    "product/regionCode": resource.region,
    "product/productFamily": sku.subcategory === "Virtual Machines" ? "Compute Instance" : "Storage",
    "product/servicecode": productCodes[sku.service] ?? "",
    "product/sku": sku.id,
    "product/usagetype": sku.meter,
    "pricing/RateCode": `${sku.id}.JRTCKXETXF.6YS6EN2CT7`,
    "pricing/currency": "USD",
    "pricing/publicOnDemandCost": cost,
    "pricing/publicOnDemandRate": rate,
    "pricing/term": "OnDemand",
    "pricing/unit":
      { Hours: "Hrs", "GB-Months": "GB-Mo", "1000 Requests": "1000 Requests" }[sku.pricingUnit as "Hours"] ??
      sku.pricingUnit,
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [`resourceTags/user:${key.trim()}`, value]),
    ),
  };
}

/** Tax and a credit, as lines for the whole month. */
function monthEnd(world: World, period: BillingPeriod): Charge[] {
  const fee = world.plans["aws-cur"]?.meter;
  if (fee === undefined) return [];
  const line = (category: "Tax" | "Credit", description: string, micro: number): Charge => {
    const shape: ChargeShape = {
      meter: fee,
      period,
      currency: "USD",
      prices: { list: ONE, contracted: ONE, effective: ONE, billed: ONE },
      category,
      correction: false,
      frequency: "One-Time",
      pricing: undefined,
      description,
    };
    return { shape, start: period.start, until: period.until, micro };
  };
  return [
    line("Tax", "Tax for product code AmazonEC2", 61_370_000),
    line("Credit", "Startup programme credit", -150_000_000),
  ];
}
