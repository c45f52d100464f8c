import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImportRecord } from "#lake/import-record.ts";
import { bring, ownFolder, type OwnFolder } from "./imports/kit.ts";

const data = process.env["PLIMSOLL_TEST_DATA"];
if (data === undefined)
  console.warn("Skipped: real FOCUS files are judged only where PLIMSOLL_TEST_DATA names their folder.");

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
});
afterAll(() => own.remove());

async function judge(...file: string[]): Promise<ImportRecord> {
  const lake = path.join(own.folder, file.join("-"));
  const bill = path.join(data ?? "", "focus", ...file);
  const { record } = await bring(lake, bill, { source: "real", role: "invoice" });
  return record;
}

const found = ({ findings }: ImportRecord): Record<string, number> =>
  Object.fromEntries(findings.map(({ ruleId, count }) => [ruleId, count]));

describe.skipIf(data === undefined)("real FOCUS files", () => {
  test("the published FOCUS 1.0 sample: every known quirk, and nothing dropped", async () => {
    const record = await judge("focus-1.0-sample", "focus_1_0_sample_part_a.csv");
    const { findings, validation, periods } = record;
    expect(periods.reduce((sum, { rows }) => sum + rows, 0)).toBe(600);
    expect(validation).toMatchObject([
      { model: "1.2", version: "1.0", rows: 600, rules: 153, notDelivered: 52, notCheckable: 178 },
    ]);
    expect(found(record)).toMatchObject({
      // Times with a blank and without Z.
      "BillingPeriodStart-C-002-M": 600,
      "BillingPeriodEnd-C-002-M": 600,
      "ChargePeriodStart-C-002-M": 600,
      "ChargePeriodEnd-C-002-M": 600,
      // The column Id without x_.
      "ColumnHandling-A-010-M": 600,
      // The five Oracle rows: Usage-based, no ContractedCost, texts that are empty instead of null.
      "ChargeFrequency-C-003-M": 5,
      "ContractedCost-C-003-M": 5,
      "BillingAccountName-C-002-M": 5,
      // Azure's quantities are off by the size of the price block in 20 of 30 rows; AWS's products are exact.
      "ListCost-C-009-C": 20,
    });
    expect(findings.find(({ ruleId }) => ruleId === "ChargeFrequency-C-003-M")).toMatchObject({
      column: "ChargeFrequency",
      keyword: "MUST",
      firstRow: 556,
      firstValue: "Usage-based",
    });
    expect(findings.find(({ ruleId }) => ruleId === "ColumnHandling-A-010-M")).toMatchObject({
      column: "Id",
    });
    const first = findings.find(({ ruleId }) => ruleId === "ListCost-C-009-C");
    // Row 569 is Microsoft's first; those before are AWS's and Oracle's.
    expect(first?.firstRow).toBe(569);
  });

  test("keywords from the strongest on, then the rows from the most on", async () => {
    const { findings } = await judge("focus-1.0-sample", "focus_1_0_sample_part_a.csv");
    const weak = findings.findIndex(({ keyword }) => keyword.startsWith("SHOULD"));
    expect(findings.slice(weak).every(({ keyword }) => keyword.startsWith("SHOULD"))).toBe(true);
    const counts = findings.slice(0, weak).map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  test("the same rows as Parquet: types of their own, so no finding about how times are written", async () => {
    const record = await judge("focus-1.0-parquet-aws-layout");
    expect(Object.keys(found(record)).filter((id) => id.includes("Period"))).toEqual([]);
    expect(found(record)["ResourceType-C-005-C"]).toBe(454);
  });

  test.each(["aws", "gcp"])("synthetic FOCUS 1.2 of %s breaks no rule", async (provider) => {
    const record = await judge(
      "focus-1.2-1.3-synthetic",
      `${provider}_1_2_cost_and_usage_rows100_seed42.csv`,
    );
    expect(record.findings).toEqual([]);
    expect(record.validation).toMatchObject([{ model: "1.2", rows: 100, rules: 205, notDelivered: 0 }]);
  });

  test("synthetic FOCUS 1.3 of Azure writes ContractCommitmentId as 1.4 does, and breaks 1.3 by that alone", async () => {
    const record = await judge("focus-1.2-1.3-synthetic", "azure_1_3_cost_and_usage_rows100_seed42.csv");
    expect(found(record)).toEqual({
      "CAU-ContractAppliedObject-O-007-M": 92,
      "CAU-ContractAppliedObject-O-010-M": 92,
      "CAU-ContractAppliedObject-O-017-C": 92,
      "CAU-ContractAppliedObject-O-029-C": 92,
    });
    expect(record.findings[0]?.firstValue).toContain("ContractCommitmentId");
  });
});
