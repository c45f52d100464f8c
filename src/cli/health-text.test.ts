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
  sameMoney: [],
  sameCalls: [],
  coverage: [],
  awaiting: {
    workloads: [],
    inventory: { from: "2026-07-01T00:00:00Z", to: "2026-08-01T00:00:00Z" },
    values: [],
    unpriced: [],
    models: [],
  },
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
    expect(text).toContain("BilledCost that names no team: aws 25.0%.");
    // Credits make the environment's part negative, which is no percentage.
    expect(text).toContain("BilledCost that names no environment: aws -3.00 USD.");
    // What lacks nothing is not told.
    expect(text).not.toMatch(/owner|0\.0%/);
    expect(text).toContain("2026-07, closed");
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

describe("what awaits a person", () => {
  const awaiting: LakeHealth["awaiting"] = {
    workloads: [
      {
        workload: "it's/new",
        type: "unknown",
        costs: [{ currency: "USD", effectiveCost: "7" }],
      },
    ],
    inventory: { from: "2026-07-01T00:00:00Z", to: "2026-08-01T00:00:00Z" },
    values: [
      {
        key: "team",
        value: "serach",
        meant: ["search"],
        charges: 2,
        currency: "USD",
        effectiveCost: "1.5",
      },
      { key: "team", value: "\u001B[2J", meant: [], charges: 1, currency: "USD", effectiveCost: "3" },
    ],
    unpriced: [{ source: "azure", currency: "EUR", charges: 4, billedCost: "0" }],
    models: [],
  };
  const text = healthText({ ...healthy, awaiting }, false);

  test("is told with its money and the command that decides it", () => {
    expect(text).toContain(
      String.raw`1 workload of a guessed type, 7.00 USD since 2026-07-01: it's/new (unknown, 7.00 USD). → plimsoll inventory decide 'it'\''s/new' --set type=…`,
    );
    expect(text).toContain('1 value of tags looks mistyped, 1.50 USD: team "serach" for search.');
    expect(text).toContain('aliases: { "serach": search } below attribution.keys.team in plimsoll.yaml');
    expect(text).toContain('1 value of tags is not listed and like none that is, 3.00 USD: team "␛[2J"');
    expect(text).toContain("4 charges of azure without EffectiveCost, 0.00 EUR billed;");
  });

  test("is not told where nothing does", () => expect(healthText(healthy, false)).not.toContain("Awaits"));

  test("workloads that could not be looked at are told as such", () =>
    expect(
      healthText(
        { ...healthy, awaiting: { ...healthy.awaiting, inventory: { notLooked: "files are damaged" } } },
        false,
      ),
    ).toContain("Workloads were not looked at: files are damaged."));
});

test("money that two sources bring is told with its evidence and how to mend it", () => {
  const pair = { sources: ["aws", "cur"] as const, role: "invoice" as const, currency: "USD" };
  const sums = {
    ...pair,
    accounts: 2,
    unnamedAccounts: 0,
    shared: 62,
    agree: 60,
    amounts: 60,
    billedCost: "12.5",
    from: "2026-07-01",
    to: "2026-07-31",
  };
  const sameMoney: LakeHealth["sameMoney"] = [
    {
      ...pair,
      kind: "same-bill",
      confidence: "high",
      billedCost: "12.5",
      from: "2026-07-01",
      to: "2026-07-31",
      evidence: { days: sums, months: sums, files: ["bill.csv"] },
    },
  ];
  const duplicates = [{ file: "bill.csv", sha256: "", sources: ["aws", "cur"], countedTwice: true }];
  const text = healthText({ ...healthy, sameMoney, duplicates }, false);
  expect(text).toContain(
    "Counted twice: 12.50 USD of aws is counted again in cur (role invoice, 2026-07-01 to 2026-07-31): bill.csv byte for byte; BilledCost is the same on 60 of 62 days that both bill in 2 accounts.",
  );
  expect(text).toContain("import the other's files again with --role allocation --force");
  // The pair tells of the file, so the file is not told again.
  expect(text.match(/Counted twice/g)).toHaveLength(1);
});

test("coverage is a table per currency: what nothing rests on has no column, and what teams have in full is not told", () => {
  const share = (tag: string, none: string) => ({ tag, rule: "0", guess: "0", none });
  const keys = {
    team: share("8", "2"),
    owner: share("8", "2"),
    environment: share("0", "10"),
    workload: share("0", "10"),
    workloadType: share("0", "10"),
    model: share("12", "-2"),
    costCenter: share("0", "10"),
    customer: share("0", "10"),
  };
  const known = {
    team: "8",
    owner: "8",
    environment: "0",
    workload: "0",
    workloadType: "0",
    model: "8",
    customer: "0",
  };
  const covered = { charges: 3, unknownCharges: 0, effectiveCost: "10", keys };
  const coverage: LakeHealth["coverage"] = [
    {
      currency: "USD",
      ...covered,
      months: [{ month: "2026-07", ...covered }],
      teams: [
        { team: null, charges: 1, effectiveCost: "2", with: { ...known, costCenter: "0" } },
        { team: "search", charges: 2, effectiveCost: "8", with: { ...known, costCenter: "2" } },
      ],
      moreTeams: false,
    },
  ];
  const text = healthText({ ...healthy, coverage }, false);
  expect(text).toMatch(/Key +By tag +Nobody's +2026-07\n/);
  expect(text).toMatch(/team +80\.0% +20\.0% +80\.0%\n/);
  expect(text).toMatch(/model +12\.00 USD +-2\.00 USD +12\.00 USD\n/);
  expect(text).toMatch(/EffectiveCost USD +environment +workload +workloadType +costCenter +customer\n/);
  expect(text).toMatch(/search +8\.00 +– +– +– +25\.0% +–\n/);
});
