import { describe, expect, test } from "vitest";
import type { LakeHealth } from "#flows/doctor/examine-lake.ts";
import { healthText } from "./health-text.ts";

const totals = { USD: { BilledCost: "10", EffectiveCost: "8" } };
const rule = (ruleId: string, keyword = "MUST"): LakeHealth["conformance"]["rules"][number] => ({
  ruleId,
  column: "ChargeFrequency",
  keyword,
  requirement: "ChargeFrequency MUST be one of the allowed values.",
  count: 5,
  sources: ["aws"],
  first: { source: "aws", file: "bill.csv", row: 556, value: "Usage-based" },
});

const healthy: LakeHealth = {
  events: [],
  verdict: "healthy",
  at: 0,
  version: 3,
  sources: [
    {
      source: "aws",
      role: "invoice",
      formats: ["focus 1.2"],
      lastImport: Date.UTC(2026, 7, 1, 12),
      firstCharge: Date.UTC(2026, 6, 1),
      lastCharge: Date.UTC(2026, 7, 1),
      periods: [{ billingPeriod: "2026-07", closed: true, rows: 1200, totals }],
      rows: 1200,
      totals,
      unknown: { ListCost: 1 },
      roundedAmounts: 2,
      unattributed: [
        {
          currency: "USD",
          billedCost: "10",
          withoutTeam: "2.5",
          withoutOwner: "0",
          withoutEnvironment: "-3",
        },
      ],
      gaps: [
        { from: "2026-07-03", to: "2026-07-05", days: 2 },
        { from: "2026-07-09", to: "2026-07-10", days: 1 },
      ],
    },
  ],
  proof: { compared: 15, imbalances: [] },
  damaged: [],
  duplicates: [],
  restatements: [],
  formerVersions: 1,
  disk: { liveBytes: 2048, formerBytes: 0, liveFiles: 3 },
  attribution: {
    percent: 80,
    currencies: [{ currency: "USD", billedCost: "4", withTeam: "4", passed: true }],
  },
  conformance: {
    rows: 1200,
    rowsNotJudged: 0,
    rules: Array.from({ length: 10 }, (_, index) => rule(`CAU-Rule-${index}`)),
    notCheckable: [
      { model: "1.2", rules: [{ ruleId: "X-1", keyword: "MUST", requirement: "Tags MUST be all there." }] },
    ],
  },
};

describe("the health of a lake for people", () => {
  test("the verdict is the first sentence", () => {
    const first = (health: LakeHealth): string => healthText(health, false).split("\n")[0] ?? "";
    expect(first(healthy)).toContain(
      "the books of 1,200 charges of 1 source in 1 billing period balance. 15 figures",
    );
    expect(
      first({
        ...healthy,
        verdict: "unbalanced",
        proof: {
          compared: 15,
          imbalances: [
            {
              source: "aws",
              billingPeriod: "2026-07",
              table: "charges_day",
              figure: "BilledCost USD",
              recorded: "10",
              found: "9.99",
            },
          ],
        },
      }),
    ).toContain("1 of 15 figures");
  });

  test("a damaged file is named with the problem's code", () => {
    const damaged = [
      { source: "aws", billingPeriod: "2026-07", file: "charges/part-0.parquet", why: "is missing" },
    ];
    expect(healthText({ ...healthy, verdict: "damaged", damaged }, false)).toMatch(
      /lake-corrupt.* charges\/part-0\.parquet is missing\./,
    );
  });

  test("gaps, unknown costs, rounding and what names nobody are said in words", () => {
    const text = healthText(healthy, false);
    expect(text).toContain("aws: 3 days without charges: 2026-07-03 to 2026-07-04, 2026-07-09.");
    expect(text).toContain("aws: ListCost is unknown for 1 charge;");
    expect(text).toContain("aws: 2 amounts had more than 18 decimals");
    // Credits make the environment's part negative, which is no percentage.
    expect(text).toContain(
      "of 10.00 USD billed, 25.0% names no team, 0.0% no owner and -3.00 USD no environment.",
    );
    expect(text).toContain("closed");
  });

  test("the first requirements are shown, all of them with their texts if asked", () => {
    expect(healthText(healthy, false)).toContain("2 more with --findings.");
    expect(healthText(healthy, false)).not.toContain("Rule-9");
    expect(healthText(healthy, true)).toContain("Rule-9");
    expect(healthText(healthy, true)).toContain("No machine can check 1 rule of FOCUS 1.2");
    expect(healthText(healthy, true)).toMatch(
      /"Usage-based" in aws, row 556\n.*ChargeFrequency MUST be one of the allowed values\./,
    );
  });

  test("no cell, column or file name of a delivery steers the terminal", () => {
    const hostile = "\u001B[2J\u202Ex";
    const broken = {
      ...rule("X-1"),
      column: hostile,
      first: { source: "aws", file: "", row: 1, value: hostile },
    };
    const text = healthText(
      {
        ...healthy,
        duplicates: [{ file: hostile, sha256: "", sources: ["a", "b"], countedTwice: true }],
        conformance: { ...healthy.conformance, rules: [broken] },
      },
      true,
    );
    expect(text).not.toContain(hostile);
    expect(text.match(/␛\[2J\uFFFDx/g)).toHaveLength(3);
  });
});

test("where too little names a team, it is said before anything else", () => {
  const currencies = [{ currency: "USD", billedCost: "4", withTeam: "3", passed: false }];
  const text = healthText({ ...healthy, attribution: { percent: 80, currencies } }, false);
  expect(text).toMatch(/Attribute first: 75\.0% of what was billed in USD names a team, 80% are wanted/);
  expect(healthText(healthy, false)).not.toContain("Attribute first");
});
