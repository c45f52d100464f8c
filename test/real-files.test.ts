import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { costColumns, type FocusColumn } from "#facts/focus-columns.ts";
import { decimal } from "#units/decimal.ts";
import { importFiles, refusal } from "./formats/deliver.ts";
import { reportRows } from "./formats/report-rows.ts";
import { ownFolder } from "./imports/kit.ts";
import { amountUnits, readCsv } from "./real-files/read-bill.ts";

const testData = process.env["PLIMSOLL_TEST_DATA"];
const folder = path.join(testData ?? "", "focus");
if (testData === undefined)
  console.warn("Skipped: PLIMSOLL_TEST_DATA does not name the folder of real bills.");

type Cells = Readonly<Record<string, string>>;

/** How a file's own text says what the lake must answer. */
interface Bill {
  readonly currency: (row: Cells) => string;
  readonly provider: (row: Cells) => string;
  /** The cell that a cost measure is made of. */
  readonly cost: (row: Cells, measure: (typeof costColumns)[number]) => string | undefined;
  readonly start: (row: Cells) => string;
  readonly end: (row: Cells) => string;
}

const focus = (set: Partial<Record<FocusColumn, string>>): Bill => ({
  currency: (row) => row["BillingCurrency"] ?? set.BillingCurrency ?? "",
  provider: (row) => row["ServiceProviderName"] ?? row["ProviderName"] ?? "",
  cost: (row, measure) => row[measure],
  start: (row) => row["ChargePeriodStart"] ?? set.ChargePeriodStart ?? "",
  end: (row) => row["ChargePeriodEnd"] ?? set.ChargePeriodEnd ?? "",
});

/** Bills in their providers' own columns, by the rules of docs/formats.md. */
const native: Readonly<Record<string, Bill>> = {
  "aws_cur_legacy_part_a.csv": {
    currency: (row) => row["lineItem/CurrencyCode"] ?? "",
    provider: () => "AWS",
    cost: (row, measure) =>
      measure === "ListCost" && row["lineItem/LineItemType"] === "Usage"
        ? row["pricing/publicOnDemandCost"]
        : row["lineItem/UnblendedCost"],
    start: (row) => row["lineItem/UsageStartDate"] ?? "",
    end: (row) => row["lineItem/UsageEndDate"] ?? "",
  },
  "azure_ea_usage_cad.csv": {
    currency: (row) => row["BillingCurrencyCode"] ?? "",
    provider: () => "Microsoft",
    cost: (row, measure) => (measure === "ListCost" ? undefined : row["CostInBillingCurrency"]),
    start: (row) => new Date(`${row["Date"]} UTC`).toISOString(),
    end: (row) => new Date(Date.parse(`${row["Date"]} UTC`) + 86_400_000).toISOString(),
  },
  "oci_cost_report_part_a.csv": {
    currency: (row) => row["cost/currencyCode"] ?? "",
    provider: () => "Oracle",
    cost: (row, measure) => (measure === "ListCost" ? undefined : row["cost/myCost"]),
    start: (row) => row["lineItem/intervalUsageStart"] ?? "",
    end: (row) => row["lineItem/intervalUsageEnd"] ?? "",
  },
};

/** What a file lacks and a person states with --set. */
const declared: Readonly<Record<string, Partial<Record<FocusColumn, string>>>> = {
  "spec-examples/commitments": { BillingCurrency: "USD" },
  "spec-examples/corrections": { BillingCurrency: "USD" },
  "focus-1.2-1.3-synthetic/scenarios_sca_equal.csv": {
    BillingCurrency: "USD",
    BillingPeriodStart: "2026-05-01T00:00:00Z",
    BillingPeriodEnd: "2026-06-01T00:00:00Z",
    ChargePeriodStart: "2026-05-01T00:00:00Z",
    ChargePeriodEnd: "2026-05-02T00:00:00Z",
  },
};

/** What must be refused: the code, and for a cell its line, column and value. */
const refused: Readonly<Record<string, readonly [code: string, ...cell: (string | number)[]]>> = {
  "focus-1.2-1.3-synthetic/azure_1_3_contract_commitment_rows100_seed42.csv": ["format-unknown"],
  // Its first column has no name.
  "models/currency_codes.csv": ["column-missing", 1],
  "spec-examples/saas/saas_spend_agreements_a1.csv": ["time-invalid", 2, "BillingPeriodEnd", "5/1/25"],
  "spec-examples/saas/saas_spend_agreements_a2.csv": ["time-invalid", 2, "BillingPeriodEnd", "5/1/25"],
  "spec-examples/saas/simple_saas_agreements_a1.csv": ["amount-invalid", 2, "BilledCost", "$10,000.00 "],
  "spec-examples/saas/simple_saas_agreements_a2.csv": ["amount-invalid", 2, "BilledCost", "$50,000.00 "],
  "spec-examples/saas/simple_saas_agreements_a3.csv": ["amount-invalid", 2, "BilledCost", "$1,000.00 "],
  "spec-examples/saas/simple_saas_agreements_b.csv": ["amount-invalid", 2, "BilledCost", "$50,000.00 "],
  "spec-examples/saas/simple_saas_agreements_c.csv": ["amount-invalid", 2, "BilledCost", "$10,100.00 "],
  "spec-examples/saas/virtual_currency_pricing_model_a1.csv": [
    "time-invalid",
    2,
    "BillingPeriodEnd",
    "5/1/25",
  ],
  "spec-examples/saas/virtual_currency_pricing_model_a2.csv": [
    "time-invalid",
    2,
    "BillingPeriodEnd",
    "5/1/25",
  ],
};
const isNoBill = (file: string): boolean => /^(models|reference)\//.test(file);
const expectedRefusal = (file: string) =>
  refused[file] ?? (isNoBill(file) ? (["format-unknown"] as const) : undefined);

const files =
  testData === undefined
    ? []
    : readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(csv|parquet)$/.test(name))
        .sort();

const time = (text: string): number => Date.parse(text.endsWith("Z") ? text : `${text.replace(" ", "T")}Z`);

/** A bill's text. The Parquet file was made of the AWS rows of the published CSV, and must give what those give. */
function textOf(file: string): Record<string, string>[] {
  if (!file.endsWith(".parquet")) return readCsv(readFileSync(path.join(folder, file), "utf8"));
  const csv = readFileSync(path.join(folder, "focus-1.0-sample/focus_1_0_sample_part_a.csv"), "utf8");
  return readCsv(csv).filter((row) => row["ProviderName"] === "AWS");
}

/** Provider and currency to the number of charges and, per measure, the sum of what is known. */
function sumsOfText(rows: readonly Cells[], bill: Bill): Record<string, (bigint | number | null)[]> {
  const groups = new Map<string, Cells[]>();
  for (const row of rows) {
    const key = `${bill.provider(row)} ${bill.currency(row)}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return Object.fromEntries(
    [...groups].map(([key, group]) => {
      const sums = costColumns.map((measure) =>
        group
          .map((row) => amountUnits(bill.cost(row, measure)))
          .reduce((sum: bigint | null, units) => (units === undefined ? sum : (sum ?? 0n) + units), null),
      );
      return [key, [group.length, ...sums]];
    }),
  );
}

async function sumsOfLake(data: string, window: { start: number; end: number }) {
  const rows = await reportRows(data, ["ServiceProviderName"], window);
  return Object.fromEntries(
    rows.map((row) => [
      `${row["ServiceProviderName"] ?? ""} ${row["BillingCurrency"]}`,
      [
        row["x_Charges"],
        ...costColumns.map((measure) => (typeof row[measure] === "string" ? decimal(row[measure]) : null)),
      ],
    ]),
  );
}

async function inNewLake<T>(use: (data: string) => Promise<T>): Promise<T> {
  const { data, remove } = await ownFolder();
  try {
    return await use(data);
  } finally {
    await remove();
  }
}

describe.skipIf(testData === undefined)("real bills", { timeout: 180_000 }, () => {
  test("are there", () => expect(files.length).toBeGreaterThan(25));

  test.for(files.filter((file) => expectedRefusal(file) === undefined))(
    "%s adds up to what its text adds up to",
    async (file) => {
      const values = declared[file] ?? declared[path.dirname(file)] ?? {};
      const bill = native[path.basename(file)] ?? focus(values);
      const rows = textOf(file);
      await inNewLake(async (data) => {
        await importFiles(data, [path.join(folder, file)], { values });
        // The natural bounds: from the first charge's start to the last one's end, which is not included.
        const window = {
          start: Math.min(...rows.map((row) => time(bill.start(row)))),
          end: Math.max(...rows.map((row) => time(bill.end(row)))),
        };
        expect(await sumsOfLake(data, window)).toEqual(sumsOfText(rows, bill));
      });
    },
  );

  test.for(files.filter((file) => expectedRefusal(file) !== undefined))("%s is refused", async (file) => {
    const [code, line, column, value] = expectedRefusal(file) ?? [];
    const problem = await inNewLake((data) => refusal(importFiles(data, [path.join(folder, file)])));
    expect([problem.code, problem.at?.line, problem.at?.column, problem.at?.value]).toEqual([
      code,
      line,
      column,
      value,
    ]);
    expect(problem.at?.file).toContain(path.basename(file));
  });

  test("a month as original, as its replacement and as original with the ledger's rows comes to the same", async () => {
    const file = (name: string): string => path.join(folder, "spec-examples/corrections", name);
    const values = { BillingCurrency: "USD" };
    const july = { start: Date.UTC(2025, 6, 1), end: Date.UTC(2025, 7, 1) };
    const byResource = async (deliveries: readonly (readonly [string, "overwrite" | "append"])[]) =>
      inNewLake(async (data) => {
        for (const [name, mode] of deliveries) await importFiles(data, [file(name)], { values, mode });
        const rows = await reportRows(data, ["ResourceId"], july);
        return Object.fromEntries(rows.map((row) => [row["ResourceId"], row["BilledCost"]]));
      });
    const expected = { "R-111": "1200", "R-222": "300" };
    expect(
      await byResource([
        ["open_current_s1_original.csv", "overwrite"],
        ["open_current_s1_replacement.csv", "overwrite"],
      ]),
    ).toEqual(expected);
    expect(
      await byResource([
        ["open_current_s1_original.csv", "append"],
        ["open_current_s1_ledger.csv", "append"],
      ]),
    ).toEqual(expected);
  });
});
