import { readFileSync } from "node:fs";
import { billFiles, csvRows, units } from "./read-bills.ts";

export const costs = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"] as const;

export interface Added {
  rows: number;
  sums: bigint[];
}

/** A charge as a FOCUS file states it, as far as tests look at it. */
export interface Row {
  readonly resource: string;
  readonly name: string;
  readonly day: string;
  readonly isCorrection: boolean;
  readonly description: string;
  readonly details: string;
  readonly tags: string;
  readonly effective: bigint;
}

const columns = [
  "BillingPeriodStart",
  "BillingCurrency",
  ...costs,
  "ResourceId",
  "ResourceName",
  "ChargePeriodStart",
  "ChargeClass",
  "ChargeDescription",
  "SkuPriceDetails",
  "Tags",
];

/** Month and currency to the sums of a delivery's own texts, by the source's format. */
export function addUp(source: string, folder: string, see: (row: Row) => void): Map<string, Added> {
  const added = new Map<string, Added>();
  const add = (month: string, currency: string, amounts: readonly bigint[]): void => {
    const key = `${month} ${currency}`;
    const before = added.get(key) ?? { rows: 0, sums: amounts.map(() => 0n) };
    before.rows++;
    amounts.forEach((amount, index) => (before.sums[index] = (before.sums[index] ?? 0n) + amount));
    added.set(key, before);
  };
  for (const file of billFiles(folder)) {
    if (source === "openai") addOpenai(file, add);
    else if (source === "anthropic") addAnthropic(file, add);
    else if (source === "aws-cur") addCur(file, add);
    else addFocus(file, add, see);
  }
  return added;
}

type Add = (month: string, currency: string, amounts: readonly bigint[]) => void;

function addFocus(file: string, add: Add, see: (row: Row) => void): void {
  const known = new Map<string, bigint>();
  const amount = (text: string): bigint => {
    const found = known.get(text) ?? units(text);
    if (known.size < 100_000) known.set(text, found);
    return found;
  };
  for (const cells of csvRows(file, columns)) {
    const [period = "", currency = "", b = "", e = "", c = "", l = "", resource = "", name = ""] = cells;
    const [start = "", chargeClass = "", description = "", details = "", tags = ""] = cells.slice(8);
    const effective = amount(e);
    add(period.slice(0, 7), currency, [amount(b), effective, amount(c), amount(l)]);
    const day = start.slice(0, 10);
    see({
      resource,
      name,
      day,
      isCorrection: chargeClass === "Correction",
      description,
      details,
      tags,
      effective,
    });
  }
}

/** What a Cost and Usage Report bills; covered use and its negation cancel out. */
function addCur(file: string, add: Add): void {
  for (const [period = "", currency = "", cost = ""] of csvRows(file, [
    "bill/BillingPeriodStartDate",
    "lineItem/CurrencyCode",
    "lineItem/UnblendedCost",
  ]))
    add(period.slice(0, 7), currency, [units(cost)]);
}

/** Amounts are taken from the text: a JSON parser would make floats of them. */
function addOpenai(file: string, add: Add): void {
  for (const [, start = "", results = ""] of readFileSync(file, "utf8").matchAll(
    /"start_time":(\d+),"end_time":\d+,"results":\[(.*)\]\}/g,
  )) {
    const month = new Date(Number(start) * 1000).toISOString().slice(0, 7);
    for (const [, value = ""] of results.matchAll(/"amount":\{"value":([-\d.]+),"currency":"usd"\}/g))
      add(month, "USD", [units(value)]);
  }
}

function addAnthropic(file: string, add: Add): void {
  const page = JSON.parse(readFileSync(file, "utf8")) as {
    data: { starting_at: string; results: { amount: string; currency: string }[] }[];
  };
  for (const { starting_at: start, results } of page.data)
    for (const { amount, currency } of results) add(start.slice(0, 7), currency, [units(amount) / 100n]);
}
