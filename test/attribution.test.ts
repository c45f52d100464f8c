import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Attribution } from "#facts/attribution.ts";
import { attributionKeys } from "#facts/attribution-keys.ts";
import { type CostQuestion, parseDimension, parseFilter } from "#facts/cost-question.ts";
import { previewRules } from "#flows/attribution/preview-rules.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { closePeriods } from "#flows/close-periods.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import type { Dialect } from "#lake/dialect.ts";
import { coverageChange, heldByRules, movedByRules, strayValues } from "#lake/queries/attribution-change.ts";
import { ownersByPlace } from "#lake/queries/owners-by-place.ts";
import { decodeCostRows } from "#lake/decode-cost-rows.ts";
import { costByDimensions } from "#lake/queries/cost-by-dimensions.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { attributeByHand } from "./attribution/by-hand.ts";
import { attribution, bill, month, rows } from "./attribution/random-rules.ts";
import { ask, type Asked, clickhouseSkipped, openBothOn } from "./engines/both-engines.ts";
import { bring, type OwnFolder, ownFolder } from "./imports/kit.ts";

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", bill(rows)));
});
afterAll(() => own.remove());

const publish = (rules: Attribution): ReturnType<typeof publishRules> =>
  publishRules(
    own.data,
    rules,
    Date.UTC(2026, 7, 4),
    () => {},
    () => {},
  );
const year = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2027, 0, 1) };
const question = (columns: readonly string[]): CostQuestion => ({
  measures: ["BilledCost"],
  by: columns.map(parseDimension),
  where: [],
  window: year,
  time: "charge",
  spread: false,
  role: "invoice",
});

/** Engines write 0.5 with or without zeros at its end. */
const plainDecimals = (rows: Awaited<ReturnType<typeof ask>>): unknown[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        /^-?\d+\.\d+$/.test(String(value)) ? formatDecimal(decimal(String(value))) : value,
      ]),
    ),
  );

/** Cost by group, from an engine; `ResourceId` is no column of rollups, so with it the charges themselves are read. */
async function costs(
  { engine, dialect }: Asked,
  columns: readonly string[],
  raw: boolean,
): Promise<Map<string, bigint>> {
  const asked = question(raw ? [...columns, "ResourceId"] : columns);
  const found = decodeCostRows(await engine.query(costByDimensions(dialect, asked)), asked);
  return new Map(
    found.map(({ keys, sums }) => [JSON.stringify(keys.slice(0, columns.length)), sums[0] ?? 0n]),
  );
}

function costsByHand(rules: Attribution): Map<string, bigint> {
  const all = new Map<string, bigint>();
  for (const row of rows) {
    const [team, environment] = [
      attributeByHand(rules, "team", row),
      attributeByHand(rules, "environment", row),
    ];
    const stage =
      environment.value === null
        ? null
        : rules.production.includes(environment.value)
          ? "production"
          : "r-and-d";
    const id = JSON.stringify([team.value, team.basis, environment.value, environment.basis, stage]);
    all.set(id, (all.get(id) ?? 0n) + decimal(row.cost));
  }
  return all;
}

describe("rules decide the same", () => {
  test("in rollups, where charges are read, on both engines, and by hand; and nothing is lost", async () => {
    const columns = ["Team", "TeamBasis", "Environment", "EnvironmentBasis", "Stage"];
    await fc.assert(
      fc.asyncProperty(attribution, async (rules) => {
        await publish(rules);
        const both = await openBothOn(own.data, () => Promise.resolve());
        try {
          const expected = costsByHand(rules);
          const engines = [both.duckdb, ...(both.clickhouse === undefined ? [] : [both.clickhouse])];
          for (const engine of engines) {
            expect(await costs(engine, columns, false)).toEqual(expected);
            expect(await costs(engine, columns, true)).toEqual(expected);
          }
          const total = [...expected.values()].reduce((sum, units) => sum + units, 0n);
          expect(total).toBe(rows.reduce((sum, { cost }) => sum + decimal(cost), 0n));
        } finally {
          await both.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);

const simple = (set: Attribution["rules"][number]["set"], when = "ServiceName=Compute"): Attribution => ({
  schema: {},
  production: ["prod"],
  rules: [{ id: "compute", strength: "override", when: [parseFilter(when)], set }],
});

test("a preview says in money what publishing then does, and changes nothing", async () => {
  await publish(simple({ team: "before" }));
  const after = simple({ team: "after" });
  const asked = { window: year, role: "invoice", key: "team", limit: 50 } as const;
  const preview = await previewRules(own.data, after, asked);
  const compute = rows.filter(({ service }) => service === "Compute");
  const cost = compute.reduce((sum, row) => sum + decimal(row.cost), 0n);
  expect(preview.rules[0]?.held).toEqual([{ currency: "USD", charges: compute.length, cost }]);
  expect(preview.moves).toEqual([
    {
      currency: "USD",
      charges: compute.length,
      cost,
      before: "before",
      after: "after",
      basis: "override:compute",
    },
  ]);
  expect((await previewRules(own.data, after, asked)).moves).toEqual(preview.moves);
  await publish(after);
  expect((await previewRules(own.data, after, asked)).moves).toEqual([]);
});

describe.skipIf(clickhouseSkipped !== undefined)("every question about rules", () => {
  test("has the same answer on both engines", async () => {
    const both = await openBothOn(own.data, () => Promise.resolve());
    const judged = { window: year, role: "invoice" } as const;
    const rules = simple({ team: "x" }, "ServiceName=~^(Object|it's)");
    const strict: Attribution = { ...rules, schema: { team: { values: ["assistant"], aliases: {} } } };
    try {
      for (const query of [
        (d: Dialect) => coverageChange(d, rules, judged),
        (d: Dialect) => movedByRules(d, rules, "x_Team", judged, 100),
        (d: Dialect) => heldByRules(d, rules.rules, judged),
        (d: Dialect) => strayValues(d, strict, "x_Team", judged, 100),
        (d: Dialect) => ownersByPlace(d, "x_Team", judged, 100),
      ]) {
        const answers = [both.duckdb, both.clickhouse].flatMap((each) =>
          each === undefined ? [] : [ask(each, query).then(plainDecimals)],
        );
        const [expected, other] = await Promise.all(answers);
        expect(expected?.length).toBeGreaterThan(0);
        expect(other).toEqual(expected);
      }
    } finally {
      await both.close();
    }
  });
});

test("values that do not count are named with what they may mean", async () => {
  const rules: Attribution = {
    schema: { team: { values: ["assistant"], aliases: {} } },
    rules: [],
    production: [],
  };
  const { stray } = await previewRules(own.data, rules, {
    window: year,
    role: "invoice",
    key: "team",
    limit: 50,
  });
  expect(stray.find(({ value }) => value === "assitant")?.meant).toEqual(["assistant"]);
  expect(stray.find(({ value }) => value === "Ärzte")?.meant).toEqual([]);
  expect(stray.map(({ value }) => value)).not.toContain("Assistant");
});

describe("a closed billing period", () => {
  const team = async (period: string): Promise<(string | null)[]> => {
    const asked = await exactQuestion(own.data, {
      by: ["Team", "ResourceId"],
      where: ["TeamBasis=override:compute"],
      period,
      now: 0,
    });
    return (await reportCost(own.data, asked)).rows.map(({ keys }) => keys[0] ?? null);
  };

  test("keeps the rules it was closed with, in rollups and where its charges are read; later deliveries get the new ones", async () => {
    await publish(simple({ team: "first" }));
    await closePeriods(
      { data: own.data, source: "aws", billingPeriods: ["2026-06"], closed: true, now: 0 },
      () => {},
    );
    const { backfilled, closed } = await publish(simple({ team: "second" }));
    expect(backfilled.map(({ billingPeriod }) => billingPeriod)).toEqual(["2026-07"]);
    expect(closed.map(({ billingPeriod }) => billingPeriod)).toEqual(["2026-06"]);
    expect([await team("2026-06"), await team("2026-07")]).toEqual([["first"], ["second"]]);
    const preview = await previewRules(own.data, simple({ team: "third" }), {
      window: year,
      role: "invoice",
      key: "team",
      limit: 9,
    });
    expect(preview.moves.map(({ before }) => before)).toEqual(["second"]);
    expect(preview.closed.map(({ billingPeriod }) => billingPeriod)).toEqual(["2026-06"]);
    const more = rows.filter(({ start }) => month(start) === "2026-07").slice(0, 30);
    await bring(own.data, await own.write("more.csv", bill(more)), { source: "other" });
    const byDay = await exactQuestion(own.data, {
      by: [attributionKeys.team],
      where: ["x_Source=other", "TeamBasis=override:compute"],
      now: 0,
    });
    expect((await reportCost(own.data, byDay)).rows.map(({ keys }) => keys[0])).toEqual(["second"]);
    await closePeriods(
      { data: own.data, source: "aws", billingPeriods: ["2026-06"], closed: false, now: 0 },
      () => {},
    );
    expect(
      (await publish(simple({ team: "second" }))).backfilled.map(({ billingPeriod }) => billingPeriod),
    ).toEqual(["2026-06"]);
    expect((await publish(simple({ team: "second" }))).changed).toBe(false);
  });
});
