import path from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AttributionKey, attributionKeyNames } from "#facts/attribution-keys.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { coverageOf } from "#flows/doctor/coverage.ts";
import { openDuckdb } from "#lake/engines/duckdb.ts";
import { attributionCoverage, coverageByTeam } from "#lake/queries/attribution-coverage.ts";
import { lakeFolder, readLake } from "#lake/snapshot.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { attributeByHand } from "../attribution/by-hand.ts";
import { attribution, bill, month, rows } from "../attribution/random-rules.ts";
import { ask, clickhouseSkipped, openBothOn } from "../engines/both-engines.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", bill(rows)));
});
afterAll(() => own.remove());

async function coverage() {
  const lake = path.resolve(lakeFolder(own.data));
  const db = await openDuckdb({ folders: [lake] });
  try {
    return await coverageOf(db, lake, (await readLake(own.data)).periods);
  } finally {
    db.close();
  }
}

type Rules = Parameters<typeof attributeByHand>[0];
const kinds = { tag: "tag", rule: "rule", override: "rule", guess: "guess" } as const;

/** The same told a second time: month, key and basis to cost. */
function byHand(rules: Rules, key: AttributionKey): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const { basis } = attributeByHand(rules, key, row);
    const kind = basis === null ? "none" : kinds[basis.split(":")[0] as keyof typeof kinds];
    const id = `${month(row.start)} ${kind}`;
    sums.set(id, (sums.get(id) ?? 0n) + decimal(row.cost));
  }
  return new Map([...sums].filter(([, units]) => units !== 0n));
}

test("what each key is known of by month is what the charges say by hand, to the last digit, whatever the rules", async () => {
  await fc.assert(
    fc.asyncProperty(attribution, async (rules) => {
      await publishRules(
        own.data,
        rules,
        Date.UTC(2026, 7, 4),
        () => {},
        () => {},
      );
      const [usd, ...others] = await coverage();
      expect([usd?.currency, others]).toEqual(["USD", []]);
      for (const key of ["team", "environment"] as const) {
        const told = (usd?.months ?? []).flatMap(({ month: name, keys }) =>
          Object.entries(keys[key]).map(([kind, units]) => [`${name} ${kind}`, decimal(units)] as const),
        );
        expect(new Map(told.filter(([, units]) => units !== 0n))).toEqual(byHand(rules, key));
      }
      const sum = (parts: readonly string[]): string =>
        formatDecimal(parts.reduce((all, part) => all + decimal(part), 0n));
      for (const key of attributionKeyNames)
        expect(sum(Object.values(usd?.keys[key] ?? {}))).toBe(usd?.effectiveCost);
      expect(sum((usd?.teams ?? []).map(({ effectiveCost }) => effectiveCost))).toBe(usd?.effectiveCost);
      const withTeam = (usd?.teams ?? []).filter(({ team }) => team !== null);
      for (const { effectiveCost, with: known } of withTeam) expect(known.team).toBe(effectiveCost);
    }),
    { numRuns: 12 },
  );
}, 120_000);

if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);
describe.skipIf(clickhouseSkipped !== undefined)("both engines", () => {
  test("say the same", async () => {
    const both = await openBothOn(own.data, () => Promise.resolve());
    try {
      for (const query of [
        attributionCoverage,
        (d: Parameters<typeof attributionCoverage>[0]) => coverageByTeam(d, 3),
      ]) {
        const [duckdb, clickhouse] = [both.duckdb, both.clickhouse].map((each) =>
          each === undefined ? Promise.resolve([]) : ask(each, query),
        );
        const plain = async (found: Promise<readonly object[]> | undefined) =>
          (await found)?.map((row) =>
            Object.fromEntries(
              Object.entries(row).map(([name, value]) => [
                name,
                /^-?\d+\.\d+$/.test(String(value)) ? formatDecimal(decimal(String(value))) : value,
              ]),
            ),
          );
        expect(await plain(clickhouse)).toEqual(await plain(duckdb));
      }
    } finally {
      await both.close();
    }
  });
});
