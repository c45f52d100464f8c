import { expect, test } from "vitest";
import type { Finding, ImportRecord } from "#lake/import-record.ts";
import { conformance } from "./conformance.ts";

const finding = (ruleId: string, keyword: string, count: number, firstValue: string): Finding => ({
  ruleId,
  column: "ChargeFrequency",
  keyword,
  requirement: "",
  count,
  file: "bill.csv",
  firstRow: 1,
  firstValue,
});

const record = (source: string, rows: number, findings: Finding[], judged = true): ImportRecord => ({
  id: source,
  version: 1,
  source,
  role: "invoice",
  mode: "overwrite",
  at: 0,
  declared: { values: {} },
  files: [{ name: "bill.csv", bytes: 1, sha256: source, rows, format: judged ? "focus 1.2" : "aws-cur 1" }],
  periods: [],
  roundedAmounts: 0,
  notes: [],
  findings,
  validation: judged
    ? [
        {
          model: "1.2",
          version: "1.2",
          files: ["bill.csv"],
          rows,
          rules: 205,
          notDelivered: 0,
          notCheckable: 178,
        },
      ]
    : [],
});

test("findings of the same rule and column add up over sources; the first place found stays", async () => {
  const { rules } = await conformance([
    record("aws", 10, [finding("R-2", "SHOULD", 9, "a"), finding("R-1", "MUST NOT", 2, "b")]),
    record("azure", 10, [finding("R-1", "MUST NOT", 3, "c"), finding("R-3", "MUST", 4, "d")]),
  ]);
  expect(rules.map(({ ruleId, count, sources, first }) => [ruleId, count, sources, first.value])).toEqual([
    ["R-1", 5, ["aws", "azure"], "b"],
    ["R-3", 4, ["azure"], "d"],
    ["R-2", 9, ["aws"], "a"],
  ]);
});

test("rows of other formats are told as not judged", async () => {
  const judged = await conformance([record("aws", 10, []), record("cur", 7, [], false)]);
  expect(judged).toMatchObject({ rows: 10, rowsNotJudged: 7, rules: [] });
  expect(judged.notCheckable.map(({ model, rules }) => [model, rules.length])).toEqual([["1.2", 178]]);
});
