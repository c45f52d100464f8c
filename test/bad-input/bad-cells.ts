import type { FocusColumn } from "#facts/focus-columns.ts";
import type { ProblemCode } from "#units/problem-codes.ts";
import { type BadCase, file } from "./bad-case.ts";
import { type Column, csv, line } from "../imports/bill.ts";

/** A cell that must be refused, on the fourth line of an otherwise sound file. */
function cell(column: Column, value: string, code: ProblemCode, says?: RegExp): BadCase {
  const written = /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return {
    name: `${column} ${value === "" ? "left empty" : value.slice(0, 40)}`,
    make: file("bill.csv", csv(line(), line(), line({ [column]: written }), line())),
    code,
    at: { file: "bill.csv", line: 4, column, ...(value === "" ? {} : { value: value.slice(0, 200) }) },
    ...(says === undefined ? {} : { says }),
  };
}

/** A value that a person states for a whole delivery, which has no such column or has it filled. */
function stated(column: FocusColumn, value: string, code: ProblemCode): BadCase {
  return {
    name: `--set ${column}=${value}`,
    make: file("bill.csv", csv(line())),
    options: { values: { [column]: value } },
    code,
    at: { column, value },
  };
}

const digits = "1234567890".repeat(4);

export const badCells: readonly BadCase[] = [
  ...["abc", "1_000", "+5", " 7", "NaN", "$5"].flatMap((value) => [
    stated("PricingQuantity", value, "amount-invalid"),
    stated("BilledCost", value, "amount-invalid"),
  ]),
  stated("PricingQuantity", "1e40", "amount-out-of-range"),
  ...["abc", "4/2/26", "infinity", "epoch", "2026-07-01T24:00:00Z"].map((value) =>
    stated("ChargePeriodEnd", value, "time-invalid"),
  ),
  stated("ChargePeriodEnd", "2026-07-02", "time-without-zone"),
  stated("BillingCurrency", "usd", "currency-invalid"),
  stated("SkuPriceDetails", "{a}", "json-invalid"),
  stated("ResourceId", "", "option-invalid"),
  ...(
    [
      ["ChargeCategory", "Foo"],
      ["ChargeCategory", "usage"],
      ["ChargeClass", "Regular"],
      ["ChargeFrequency", "Usage-based"],
      ["PricingCategory", "On-Demand"],
      ["CommitmentDiscountStatus", "Active"],
      ["ServiceCategory", "AI"],
      ["ServiceSubcategory", "Robots"],
    ] as const
  ).map(([column, value]) => stated(column, value, "option-invalid")),
  ...[
    "1_000",
    "+3",
    "1,000.00",
    "$5",
    "NaN",
    "Infinity",
    "0x10",
    " 1",
    "1 ",
    "1e",
    "--1",
    "1.2.3",
    "(5)",
    "1€",
  ].map((value) => cell("BilledCost", value, "amount-invalid", /is not a decimal/)),
  cell("ListCost", "1_000", "amount-invalid"),
  cell("BilledCost", digits, "amount-out-of-range", /more than 20 digits before the point/),
  cell("BilledCost", `-${digits}.5`, "amount-out-of-range"),
  cell("BilledCost", "1e400", "amount-out-of-range"),
  cell("BilledCost", "1e21", "amount-out-of-range"),
  {
    name: "amounts whose sum is out of range",
    make: file("bill.csv", csv(...Array.from({ length: 4 }, () => line({ BilledCost: "9".repeat(20) })))),
    code: "amount-out-of-range",
    says: /a sum needs more than 20 digits/,
  },
  cell("BilledCost", "", "amount-missing"),
  cell("BillingCurrency", "", "currency-invalid"),
  cell("BillingCurrency", "usd", "currency-invalid", /ISO 4217/),
  cell("BillingCurrency", "US$", "currency-invalid"),
  cell("ChargePeriodStart", "4/1/25", "time-invalid"),
  cell("ChargePeriodStart", "2026-02-30T00:00:00Z", "time-invalid"),
  cell("ChargePeriodStart", "2026-07-01T25:00:00Z", "time-invalid"),
  cell("ChargePeriodStart", "2026-07-01T00:00:00", "time-without-zone"),
  cell("ChargePeriodStart", "2026-07-01", "time-without-zone"),
  cell("ChargePeriodStart", "2026-02-30T00:00:00", "time-invalid"),
  {
    name: "a local time that the clocks skipped",
    make: file(
      "bill.csv",
      csv(
        line(),
        line({ ChargePeriodEnd: "2026-07-01T00:30:00" }),
        line({ ChargePeriodStart: "2026-03-29T02:30:00" }),
      ),
    ),
    options: { zone: "Europe/Budapest" },
    code: "time-skipped",
    at: { file: "bill.csv", line: 4, column: "ChargePeriodStart", value: "2026-03-29T02:30:00" },
    says: /does not occur in Europe\/Budapest/,
  },
  {
    name: "a stated time that the clocks skipped",
    make: file("bill.csv", csv(line())),
    options: { zone: "Europe/Budapest", values: { ChargePeriodEnd: "2026-03-29 02:00" } },
    code: "time-skipped",
    at: { column: "ChargePeriodEnd", value: "2026-03-29 02:00" },
  },
  {
    name: "no date in a zone is no time that was skipped",
    make: file("bill.csv", csv(line({ ChargePeriodStart: "2026-02-30T02:30:00" }))),
    options: { zone: "Europe/Budapest" },
    code: "time-invalid",
    at: { file: "bill.csv", line: 2, column: "ChargePeriodStart" },
  },
  cell("ChargePeriodStart", "", "time-missing"),
  cell("BillingPeriodStart", "", "time-missing"),
  cell(
    "ChargePeriodEnd",
    "2026-06-30T00:00:00Z",
    "period-invalid",
    /column ChargePeriodEnd: "2026-06-30T00:00:00Z" is before the ChargePeriodStart of the same row, "2026-07-01T00:00:00Z" \(both in UTC\), so/,
  ),
  cell(
    "BillingPeriodEnd",
    "2026-07-01T00:00:00Z",
    "period-invalid",
    /is not after the BillingPeriodStart of the same row, "2026-07-01T00:00:00Z"/,
  ),
  {
    name: "several bad cells are listed in the order of their lines",
    make: file(
      "bill.csv",
      csv(line(), line({ EffectiveCost: "x" }), line({ ChargePeriodEnd: "soon" }), line({ BilledCost: "y" })),
    ),
    code: "amount-invalid",
    at: { file: "bill.csv", line: 3, column: "EffectiveCost", value: "x" },
    others: 2,
  },
  {
    name: "the line is the file's own where cells and empty lines lie before it",
    make: file(
      "bill.csv",
      csv(
        line({ ServiceName: `"two\nlines ""quoted"", really"` }),
        "",
        line({ ServiceName: 'a"b' }),
        line({ BilledCost: "?" }),
      ),
    ),
    code: "amount-invalid",
    at: { file: "bill.csv", line: 6, column: "BilledCost", value: "?" },
  },
  {
    name: "the line is right with a byte order mark, CRLF and no final line end",
    make: file(
      "bill.csv",
      `\uFEFF${csv(line({ Tags: '"a\r\nb"' }), line({ BilledCost: "?" }))
        .trim()
        .replaceAll("\n", "\r\n")
        .replace("a\r\r\n", "a\r\n")}`,
    ),
    code: "amount-invalid",
    at: { file: "bill.csv", line: 4, column: "BilledCost", value: "?" },
  },
  {
    name: "the line is right with returns alone",
    make: file("bill.csv", csv(line(), line({ BilledCost: "?" })).replaceAll("\n", "\r")),
    code: "amount-invalid",
    at: { file: "bill.csv", line: 3, column: "BilledCost", value: "?" },
  },
  {
    name: "a bad cell in the second of two files is told of that file",
    make: async (folder) => [
      ...[await file("a.csv", csv(line(), line()))(folder)].flat(),
      ...[await file("b.csv", csv(line(), line(), line({ BilledCost: "1_0" })))(folder)].flat(),
    ],
    code: "amount-invalid",
    at: { file: "b.csv", line: 4, column: "BilledCost", value: "1_0" },
  },
];
