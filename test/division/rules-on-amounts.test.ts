import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFilter } from "#facts/cost-question.ts";
import { namedReports } from "#flows/report/named/named-reports.ts";
import { namedSums } from "#flows/report/named/run-named-report.ts";
import { openLake } from "#lake/open-lake.ts";
import { groupedSums } from "#lake/queries/grouped-sums.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { formatDecimal } from "#units/decimal.ts";
import { borneBy, rowsOf, stated } from "../export/divided.ts";
import { byTeam, csvRows, send } from "../export/kit.ts";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder } from "../imports/kit.ts";
import { chargeRows, sums } from "./lake.ts";
import { generatedCase, unitsOf } from "./random-case.ts";
import { charge, unused, used } from "./rows.ts";
import { now, ownWorld } from "./world.ts";

/** A rule that gives to the finance team whatever passes a filter. */
const toFinance = (data: string, when: string): Promise<unknown> =>
  publishRules(
    data,
    {
      schema: {},
      production: [],
      rules: [{ id: "money", strength: "override", when: [parseFilter(when)], set: { team: "finance" } }],
    },
    now,
    () => {},
    () => {},
  );

describe("a rule or a filter on an amount", () => {
  const { bill, allocation, data, healthy, own } = ownWorld();
  const given = async (): Promise<void> => {
    await bill([charge(0, "100"), charge(1, "-8")]);
    await allocation([used(0, "search", "1"), unused(0, "1"), used(1, "search", "1")]);
  };

  test("judges the row that takes a charge away as the charge", async () => {
    await given();
    await toFinance(data(), "BilledCost=~^-");
    // The credit is finance's, and so is what takes it away: nothing of it is left to finance but the part that is negative itself.
    expect(await sums(data(), ["Team"])).toEqual({ finance: "-8", platform: "50", search: "50" });
    await healthy();
  });

  test("finds a charge and what takes it away together, in reports and exports", async () => {
    await given();
    const found = async (where: string): Promise<unknown> => {
      const report = await sums(data(), ["Team"], { where: [where] });
      const file = `${own().folder}/found.csv`;
      const asked = { now, period: "2026-07", where: [where] };
      const sent = await send(data(), file, { asked, force: true }).then(
        async () => borneBy(await csvRows(file), "EffectiveCost"),
        (cause: unknown) => (cause as Error).message,
      );
      return { report, sent };
    };
    expect(await found("BilledCost=100")).toEqual({
      report: {},
      sent: expect.stringMatching(/^No charge of/),
    });
    expect(await found("BilledCost=50")).toEqual({
      report: { platform: "50", search: "50" },
      sent: { "platform USD": "50", "search USD": "50" },
    });
    expect(await found("BilledCost=~^-")).toEqual({ report: { search: "-8" }, sent: { "search USD": "-8" } });
    expect(await sums(data(), ["BilledCost"])).toEqual({ "-8": "-8", "50": "100" });
  });

  test("an idle row that names nobody is unallocated without saying so", async () => {
    await bill([charge(0, "2")]);
    await allocation([used(0, "search", "1"), unused(0, "1", { x_IdleKind: "" })]);
    expect(await sums(data(), ["IdleKind", "Team"])).toEqual({
      "- search": "1",
      "unallocated platform": "1",
    });
    await healthy();
  });
});

const amountRules = fc.constantFrom(
  "BilledCost=~^-",
  "BilledCost=0",
  "!EffectiveCost?",
  "EffectiveCost~5",
  "PricingQuantity!=1",
  "ListCost=~\\.",
);

test("whatever is divided and whichever amounts rules look at: report, statement and export name the same bearers", async () => {
  let ruled = 0;
  await fc.assert(
    fc.asyncProperty(generatedCase, amountRules, async ({ charges, uses }, when) => {
      const world = await ownFolder();
      try {
        const { data } = world;
        await bring(data, await world.write("bill.csv", csv(charges.map(({ cells }) => cells))));
        const rows = uses.filter(({ source }) => source === "k8s").map(({ cells }) => cells);
        if (rows.length > 0)
          await bring(data, await world.write("k8s.csv", csv(rows)), { source: "k8s", role: "allocation" });
        await toFinance(data, when);
        const byHand = await bearersByHand(data, when);
        ruled += byHand["finance USD"] === undefined ? 0 : 1;
        const named = Object.fromEntries(
          Object.entries(await sums(data, ["Team"])).map(([team, sum]) => [
            `${team === "-" ? "" : team} USD`,
            sum,
          ]),
        );
        expect(named).toEqual(byHand);
        expect(await stated(world, [], "effective")).toEqual(byHand);
        const file = `${world.folder}/all.csv`;
        await send(data, file, { asked: { now, period: "2026-07" } });
        expect(borneBy(await csvRows(file), "EffectiveCost")).toEqual(byHand);
        const splits = [byTeam("platform", { method: "even", to: ["ops"] })];
        const split = await rowsOf(world, { split: { key: "team", splits } });
        expect(borneBy(split, "EffectiveCost")).toEqual(await stated(world, splits, "effective"));
      } finally {
        await world.remove();
      }
    }),
    { numRuns: Number(process.env["PLIMSOLL_RUNS"] ?? 15) },
  );
  expect(ruled).toBeGreaterThan(4);
}, 300_000);

/** Who bears what, each row judged in plain code: one that takes a charge away by the amounts of the charge. */
async function bearersByHand(data: string, when: string): Promise<Record<string, string>> {
  const column = /\w+/.exec(when)?.[0] ?? "";
  const rows = await chargeRows(
    data,
    `select x_Division as what, x_Tags['team'] as team, "EffectiveCost"::varchar as cost, "${column}"::varchar as judged from charges`,
  );
  const bearers = new Map<string, bigint>();
  for (const { what, team, cost, judged } of rows) {
    const amount = judged === null ? null : unitsOf(judged);
    const own = amount === null ? null : formatDecimal(what === "given" ? -amount : amount);
    const bearer = `${passes(own, when.replace(column, "")) ? "finance" : typeof team === "string" ? team : ""} USD`;
    if (cost !== null) bearers.set(bearer, (bearers.get(bearer) ?? 0n) + unitsOf(cost));
  }
  return Object.fromEntries(
    [...bearers].filter(([, sum]) => sum !== 0n).map(([bearer, sum]) => [bearer, formatDecimal(sum)]),
  );
}

function passes(value: string | null, condition: string): boolean {
  if (condition === "!?") return value === null;
  if (condition.startsWith("!=")) return value !== condition.slice(2);
  if (value === null) return false;
  if (condition.startsWith("=~")) return new RegExp(condition.slice(2)).test(value);
  return condition.startsWith("~") ? value.includes(condition.slice(1)) : value === condition.slice(1);
}

describe("named reports of a divided lake", () => {
  const { bill, allocation, data } = ownWorld();
  /** Totals of each report; a number of different owners is what a division may change. */
  const totals = async (): Promise<Record<string, unknown>> => {
    const lake = await openLake(data(), window, "invoice");
    try {
      const found: Record<string, unknown> = {};
      for (const report of namedReports) {
        const asked = namedSums(report, { window, where: [], role: "invoice" });
        const measures = asked.measures.filter(({ distinct }) => !distinct);
        if (measures.length === 0) continue;
        found[report.name] = await lake.engine.query(
          groupedSums(lake.dialect, { ...asked, measures }, { ungrouped: true }),
        );
      }
      return found;
    } finally {
      lake.close();
    }
  };
  const window = { start: Date.UTC(2026, 6, 1), end: Date.UTC(2026, 7, 1) };

  test("add up to what they did before, whatever amounts they judge and sum", async () => {
    const usage = { SkuPriceDetails: `{"x":1}`, PricingCategory: "Standard" };
    await bill([charge(0, "100", usage), charge(1, "-8", { ChargeCategory: "Credit" }), charge(2, "0.3")]);
    const before = await totals();
    expect(Object.keys(before).length).toBeGreaterThan(20);
    await allocation([
      used(0, "search", "1"),
      unused(0, "1"),
      used(1, "search", "1"),
      used(2, "vision", "2"),
    ]);
    expect(await totals()).toEqual(before);
  });
});
