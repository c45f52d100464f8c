import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CostQuestion,
  type Dimension,
  type Filter,
  type Measure,
  measures,
  parseDimension,
  parseFilter,
} from "#facts/cost-question.ts";
import type { LakeRow } from "#facts/cost-row.ts";
import { decodeCostRows } from "#lake/decode-cost-rows.ts";
import { costByDimensions, tableFor } from "#lake/queries/cost-by-dimensions.ts";
import { granularities } from "#units/window.ts";
import { type Asked, type BothEngines, clickhouseSkipped, openBothEngines } from "./engines/both-engines.ts";
import { oddKeys, trapLake } from "./engines/trap-lake.ts";

if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);

const dimensions: readonly Dimension[] = [
  ...[
    "ServiceName",
    "RegionId",
    "ServiceCategory",
    "ServiceSubcategory",
    "ChargeCategory",
    "ChargeClass",
    "x_Team",
    "x_ModelId",
    "x_Source",
    "BillingPeriodStart",
    "ChargePeriodStart",
    "ListUnitPrice",
    "x_GpuCount",
    "x_Row",
    "Tags",
    "SkuPriceDetails",
    "detail:GpuCount",
    "detail:Spot",
    "detail:Ratio",
    "detail:Nested",
    "detail:InstanceType",
    "extra:x_Note",
  ].map(parseDimension),
  ...oddKeys.map((key): Dimension => ({ kind: "tag", key })),
];
const filters: readonly Filter[] = [
  "ServiceName=Compute",
  "ServiceName=Compute|Storage|it's",
  "ServiceName!=Compute",
  "ServiceName~COMP",
  "ServiceName~ς",
  "ServiceName~istanbul",
  "ServiceName~",
  "ServiceName?",
  "!ServiceName?",
  "x_Team=ÄRZTE",
  "x_Team~ärzte",
  "tag:team~STRAẞE",
  "tag:team?",
  "!tag:cost center?",
  "tag:cost center!=1",
  "tag:back\\slash=\\",
  "tag:{p1:String}={p2:String}",
  "detail:GpuCount=8",
  "detail:Spot=true",
  "!detail:InstanceType?",
  "extra:x_Note~äöü",
  "extra:x_Note=\\n is not a newline",
  "ListUnitPrice=0.50",
  "ListUnitPrice!=100.0",
  "ChargePeriodStart=2026-07-06",
  "ChargePeriodStart~2026-07-05T00:00:00.25",
  "BillingPeriodStart=2026-07-01T00:00:00Z",
  "ChargeClass=Correction",
]
  .map((text): Filter => parseFilter(text))
  .concat({ kind: "exists", dimension: { kind: "tag", key: "a/b~c" } });

const july = { start: Date.UTC(2026, 6, 1), end: Date.UTC(2026, 7, 1) };
const always = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2028, 0, 1) };
const plain: CostQuestion = {
  measures: ["BilledCost", "EffectiveCost", "x_Charges"],
  by: [],
  where: [],
  window: always,
  time: "charge",
  spread: false,
  role: "invoice",
};
type Options = NonNullable<Parameters<typeof costByDimensions>[2]>;

describe.skipIf(clickhouseSkipped !== undefined)("DuckDB and ClickHouse answer alike", () => {
  let both: BothEngines;
  beforeAll(async () => {
    both = await openBothEngines(trapLake);
  });
  afterAll(() => both.close());

  const answers = async (asked: Asked, question: CostQuestion, options: Options): Promise<LakeRow[]> =>
    decodeCostRows(await asked.engine.query(costByDimensions(asked.dialect, question, options)), question);
  /** Asks both, compares row by row in order, and gives the rows. */
  const same = async (question: CostQuestion, options: Options = {}): Promise<LakeRow[]> => {
    const { clickhouse } = both;
    if (clickhouse === undefined) throw new Error("ClickHouse is not open.");
    const expected = await answers(both.duckdb, question, options);
    expect(await answers(clickhouse, question, options)).toEqual(expected);
    return expected;
  };

  test("every dimension, alone and from the smallest table", async () => {
    for (const dimension of dimensions) {
      const rows = await same({ ...plain, by: [dimension] });
      expect(rows.length, JSON.stringify(dimension)).toBeGreaterThan(1);
    }
  });

  test("keys are the same text on both: decimals without zeros at the end, times in ISO 8601", async () => {
    const prices = await same({ ...plain, by: [parseDimension("ListUnitPrice")] });
    expect(prices.map(({ keys }) => keys[0])).toContain("0.5");
    expect(prices.map(({ keys }) => keys[0])).toContain("100");
    const times = await same({ ...plain, by: [parseDimension("ChargePeriodStart")] });
    expect(times.map(({ keys }) => keys[0])).toContain("2026-07-05T00:00:00.25Z");
    const details = await same({ ...plain, by: [parseDimension("detail:GpuCount")] });
    expect(details.map(({ keys }) => keys[0])).toEqual(["8", null, null]);
  });

  test("every filter", async () => {
    for (const filter of filters) {
      const rows = await same({ ...plain, by: [parseDimension("x_Row")], where: [filter] });
      expect(rows.length, JSON.stringify(filter)).toBeGreaterThan(0);
    }
  });

  test("every granularity, at both times, spread and not, from every table", async () => {
    const tables = new Set<string>();
    for (const granularity of [undefined, ...granularities]) {
      for (const time of ["charge", "billing"] as const) {
        for (const spread of time === "charge" ? [false, true] : [false]) {
          for (const by of [["ServiceName"], ["ServiceName", "tag:team"]]) {
            const question: CostQuestion = {
              ...plain,
              by: by.map(parseDimension),
              time,
              spread,
              window: july,
              ...(granularity === undefined ? {} : { granularity }),
            };
            tables.add(tableFor(question));
            expect((await same(question)).length).toBeGreaterThan(0);
          }
        }
      }
    }
    expect([...tables].sort()).toEqual(["charges", "charges_day", "charges_hour"]);
  });

  test("the largest groups with ties, groups by name, and totals", async () => {
    const by = [parseDimension("ServiceName"), parseDimension("tag:team")];
    await same({ ...plain, by }, { top: 2 });
    await same({ ...plain, by, measures: ["x_Charges"] }, { top: 3 });
    await same({ ...plain, by, measures: ["ListCost", "x_GpuHours", "x_Tokens"] }, { top: 20 });
    await same(
      { ...plain, by },
      {
        only: [
          ["Compute", null],
          [null, null],
          ["Storage", ""],
        ],
      },
    );
    await same({ ...plain, by }, { only: [] });
    await same({ ...plain, by }, { ungrouped: true });
  });

  test("any question", async () => {
    const moment = fc.integer({ min: 0, max: 24 * 40 }).map((hour) => Date.UTC(2026, 5, 15, hour));
    const question = fc.record({
      measures: fc.uniqueArray(fc.constantFrom<Measure>(...measures), { minLength: 1, maxLength: 4 }),
      by: fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: 3 }),
      where: fc.uniqueArray(fc.constantFrom(...filters), { maxLength: 2 }),
      window: fc
        .tuple(moment, moment)
        .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 3_600_000 })),
      granularity: fc.constantFrom(undefined, ...granularities),
      time: fc.constantFrom("charge" as const, "billing" as const),
      spread: fc.boolean(),
      role: fc.constantFrom("invoice" as const, "estimate" as const),
    });
    const top = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(question, top, async ({ granularity, ...asked }, top) => {
        const buckets = granularity === undefined ? {} : { granularity };
        await same(
          { ...asked, ...buckets, spread: asked.spread && asked.time === "charge" },
          top === undefined ? {} : { top },
        );
      }),
      { numRuns: 50, seed: 20_260_701 },
    );
  });
});
