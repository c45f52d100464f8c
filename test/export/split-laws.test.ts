import * as fc from "fast-check";
import { expect, test } from "vitest";
import { closePeriods } from "#flows/close-periods.ts";
import { closeMonth } from "#flows/statements/close-statement.ts";
import { formatDecimal } from "#units/decimal.ts";
import { focusCsv } from "../engines/focus-csv.ts";
import { bring, ownFolder } from "../imports/kit.ts";
import { borneBy, charge, july, rowsOf, stated } from "./divided.ts";
import { byTeam, csvRows, send } from "./kit.ts";

test("a closed month is divided by the splits it was closed with; what was restated since is told", async () => {
  const world = await ownFolder();
  try {
    const july26 = [charge("search", "1"), charge("vision", "3"), charge("platform", "4")];
    await bring(world.data, await world.write("a.csv", focusCsv(july26)));
    await closePeriods(
      { data: world.data, source: "aws", billingPeriods: ["2026-07"], closed: true, now: 0 },
      () => {},
    );
    const first = [byTeam("platform")];
    await closeMonth(
      { data: world.data },
      { month: "2026-07", key: "team", splits: first },
      { actor: "ada", at: 0 },
    );
    const other = [byTeam("platform", { to: ["vision"] })];
    const file = `${world.folder}/closed.csv`;
    await send(world.data, file, { asked: july, split: { key: "team", splits: other } });
    expect(borneBy(await csvRows(file), "BilledCost")).toEqual({ "search USD": "2", "vision USD": "6" });
    const restated = [...july26, charge("vision", "1")];
    await bring(world.data, await world.write("b.csv", focusCsv(restated)), { force: true });
    const { split, manifest } = await send(world.data, file, {
      asked: july,
      split: { key: "team", splits: other },
      force: true,
      manifest: true,
    });
    // Of 9, platform's 4 go one to four: the closed statement said 2 and 6.
    expect(borneBy(await csvRows(file), "BilledCost")).toEqual({ "search USD": "1.8", "vision USD": "7.2" });
    expect(split?.moved.map(({ scope, sums }) => [scope, formatDecimal(sums.billed ?? 0n)])).toEqual([
      ["vision", "1.2"],
      ["search", "-0.2"],
    ]);
    expect(manifest?.content.split).toMatchObject({
      splits: [{ id: "platform", from: "platform", method: "proportional" }],
      closed: { by: "ada" },
      movedSinceClosed: [
        { scope: "vision", BilledCost: "1.2" },
        { scope: "search", BilledCost: "-0.2" },
      ],
    });
  } finally {
    await world.remove();
  }
});

const anyCost = fc
  .bigInt({ min: -(10n ** 24n), max: 10n ** 24n })
  .chain((large) => fc.constantFrom(large, large % 10n, large % 1000n))
  .map(formatDecimal);
const anyCharge = fc
  .record({
    team: fc.constantFrom("a", "b", "p", "q", ""),
    BilledCost: anyCost,
    EffectiveCost: fc.option(anyCost, { nil: "" }),
    ConsumedQuantity: fc.option(anyCost, { nil: "" }),
    ConsumedUnit: fc.constantFrom("Hours", "GB"),
    ServiceName: fc.constantFrom("one", "two", ""),
    ChargeCategory: fc.constantFrom("Usage", "Credit", "Tax"),
    BillingCurrency: fc.constantFrom("USD", "EUR"),
    hour: fc.integer({ min: 0, max: 743 }),
  })
  .map(({ team, hour, ...row }) => ({
    ...charge(team, row.BilledCost, row),
    ChargePeriodStart: new Date(Date.UTC(2026, 6, 1, hour)).toISOString(),
  }));
const anySplits = fc
  .tuple(
    fc.constantFrom("even" as const, "proportional" as const),
    fc.constantFrom("even" as const, "proportional" as const),
    fc.constantFrom("BilledCost" as const, "x_Charges" as const),
  )
  .map(([first, second, by]) => [
    byTeam("p", { method: first, by, to: ["q", "a"] }),
    byTeam("q", { method: second, by, to: ["a", "b"] }),
  ]);

/** What a split leaves as it is. */
const undivided = (row: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => !/Cost$|Quantity$|^Allocated|^x_Team|^x_Tokens$|^x_GpuHours$/.test(name),
    ),
  );

test(
  "whatever the charges and splits: bearers add up to the statement, and rows to their charge",
  { timeout: 240_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCharge, { minLength: 1, maxLength: 80 }),
        anySplits,
        async (charges, own) => {
          const world = await ownFolder();
          try {
            // Several files: a part must find the charge that it is of.
            const named = charges.map((each, index) => ({ ...each, ResourceId: `r-${index}` }));
            for (const [source, own] of [0, 1, 2].map(
              (at) => [`s${at}`, named.filter((_, i) => i % 3 === at)] as const,
            ))
              if (own.length > 0)
                await bring(world.data, await world.write(`${source}.csv`, focusCsv(own)), { source });
            const rows = await rowsOf(world, { split: { key: "team", splits: own } });
            expect(borneBy(rows, "BilledCost")).toEqual(await stated(world, own, "billed"));
            expect(borneBy(rows, "EffectiveCost")).toEqual(await stated(world, own, "effective"));
            const delivered = await rowsOf(world);
            for (const column of ["BilledCost", "EffectiveCost", "ConsumedQuantity"])
              expect(borneBy(rows, column, "ResourceId")).toEqual(borneBy(delivered, column, "ResourceId"));
            const whole = new Map(delivered.map((row) => [row["ResourceId"], row]));
            for (const row of rows)
              expect(undivided(row)).toEqual(undivided(whole.get(row["ResourceId"]) ?? {}));
          } finally {
            await world.remove();
          }
        },
      ),
      { numRuns: 5, endOnFailure: true },
    );
  },
);
