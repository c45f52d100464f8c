import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dividedColumnNames } from "#facts/charge-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder } from "../imports/kit.ts";
import { chargeRows, keptColumns, sums } from "./lake.ts";
import { amountColumns, generatedCase, type Case, unitsOf, weightsByHand } from "./random-case.ts";

const kept = keptColumns.map(quoted).join(", ");

test("whatever is billed and used: every sum but the owners' stays, parts add up to their charge, and each is its weight's", async () => {
  let divided = 0;
  await fc.assert(
    fc.asyncProperty(generatedCase, async (given) => {
      const own = await ownFolder();
      try {
        const data = own.data;
        await bring(data, await own.write("bill.csv", csv(given.charges.map(({ cells }) => cells))));
        const services = await sums(data, ["ServiceName", "ChargeCategory"]);
        for (const source of ["k8s", "other"]) {
          const rows = given.uses.filter((each) => each.source === source).map(({ cells }) => cells);
          if (rows.length > 0)
            await bring(data, await own.write(`${source}.csv`, csv(rows)), { source, role: "allocation" });
        }
        expect(await sums(data, ["ServiceName", "ChargeCategory"])).toEqual(services);
        await nothingElseMoves(data);
        divided += await partsAreRight(data, given);
      } finally {
        await own.remove();
      }
    }),
    { numRuns: Number(process.env["PLIMSOLL_RUNS"] ?? 15) },
  );
  console.log(`${divided} charges were divided`);
  expect(divided).toBeGreaterThan(50);
}, 300_000);

/** By all columns that are not the owners', which holds for any of them: rows given and received add up to nothing, and to a delivered charge. */
async function nothingElseMoves(data: string): Promise<void> {
  const nonzero = dividedColumnNames.map((name) => `coalesce(sum(${quoted(name)}), 0) <> 0`).join(" or ");
  const moved = await chargeRows(
    data,
    `select ${kept} from charges where x_Division is not null group by all having ${nonzero}`,
  );
  expect(moved).toEqual([]);
  const strange = await chargeRows(
    data,
    `select ${kept} from charges where x_Division is not null except select ${kept} from charges where x_Division is null`,
  );
  expect(strange).toEqual([]);
}

/** Compares each charge's parts with what they are by hand, to a unit and to the part of the amount that weights are cut at. */
async function partsAreRight(data: string, { charges, uses }: Case): Promise<number> {
  const columns = amountColumns.map((name) => `${quoted(name)}::varchar as ${quoted(name)}`);
  const rows = await chargeRows(
    data,
    `select x_Row as at, x_Division as what, coalesce(replace("AllocatedResourceId", 'prod/', ''), '') || ' ' || coalesce(x_IdleKind, '') as target, ${columns.join(", ")}
     from charges where x_Division is not null`,
  );
  let divided = 0;
  for (const [index, charge] of charges.entries()) {
    const its = rows.filter(({ at }) => Number(at) === index + 1);
    const weights = weightsByHand(charge, uses);
    if (weights === undefined) {
      expect(its).toEqual([]);
      continue;
    }
    divided++;
    const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0n);
    for (const column of amountColumns) {
      const amount = charge.amounts[column] ?? null;
      for (const part of its) {
        if (amount === null) {
          expect(part[column]).toBeNull();
          continue;
        }
        const found = unitsOf(part[column]);
        if (part["what"] === "given") {
          expect(found).toBe(-amount);
          continue;
        }
        const weight = weights.get(String(part["target"])) ?? 0n;
        expect(weight > 0n).toBe(true);
        const size = amount < 0n ? -amount : amount;
        const off = found * total - amount * weight;
        const most = (size / 10n ** 13n + 2n) * total;
        expect(off <= most && off >= -most).toBe(true);
        expect(found === 0n || found > 0n === amount > 0n).toBe(true);
      }
    }
    const missing = [...weights].filter(
      ([target]) => !its.some((part) => part["target"] === target && part["what"] === "received"),
    );
    // Only what is too small beside the others to have a place gets nothing.
    for (const [, weight] of missing) expect(weight * 10n ** 13n <= total).toBe(true);
  }
  return divided;
}
