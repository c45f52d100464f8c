import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { statementCsv } from "#cli/statement-json.ts";
import { loadRules } from "#flows/attribution/load-rules.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { closePeriods } from "#flows/close-periods.ts";
import { closeMonth } from "#flows/statements/close-statement.ts";
import { loadSplits } from "#flows/statements/load-splits.ts";
import { monthStatement, type MonthStatement } from "#flows/statements/month-statement.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { csv } from "./imports/csv.ts";
import { bring, ownFolder } from "./imports/kit.ts";

/** A line of a bill; an empty effective cost is one that nobody states. */
interface BillRow {
  readonly billed: string;
  readonly effective: string;
  readonly currency: string;
  readonly category: string;
  readonly status: string;
  readonly service: string;
  readonly team: string;
  readonly costCenter: string;
}

const teams = ["search", "vision", "platform", "network", "O'Hara", "(unallocated)"] as const;
const costCenters = ["cc-1", "cc-2", "cc-3"] as const;
const cost = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 28n }).map(formatDecimal);
const billRow: fc.Arbitrary<BillRow> = fc.record({
  billed: cost,
  effective: fc.oneof({ weight: 5, arbitrary: cost }, { weight: 1, arbitrary: fc.constant("") }),
  currency: fc.constantFrom("USD", "EUR"),
  category: fc.constantFrom("Usage", "Usage", "Purchase", "Credit", "Tax", "Adjustment"),
  status: fc.constantFrom("", "", "Used", "Unused"),
  service: fc.constantFrom("Compute", "Storage", "it's"),
  team: fc.constantFrom(...teams, ""),
  costCenter: fc.constantFrom(...costCenters, "", ""),
});
const bill = fc.array(billRow, { minLength: 1, maxLength: 12 });

const focus = (month: number, rows: readonly BillRow[]): string =>
  csv(
    rows.map(({ billed, effective, currency, category, status, service, team, costCenter }, index) => ({
      BilledCost: billed,
      EffectiveCost: effective,
      BillingCurrency: currency,
      BillingPeriodStart: `2026-0${month}-01T00:00:00Z`,
      BillingPeriodEnd: `2026-0${month + 1}-01T00:00:00Z`,
      ChargePeriodStart: `2026-0${month}-${String((index % 28) + 1).padStart(2, "0")}T00:00:00Z`,
      ChargePeriodEnd: `2026-0${month}-${String((index % 28) + 1).padStart(2, "0")}T01:00:00Z`,
      ChargeCategory: category,
      CommitmentDiscountStatus: status,
      ServiceName: service,
      Tags: JSON.stringify({
        ...(team === "" ? {} : { team }),
        ...(costCenter === "" ? {} : { "cost-center": costCenter }),
      }),
    })),
  );

const rule = fc.record({
  strength: fc.constantFrom("override", "rule", "guess"),
  when: fc.constantFrom(
    ["ServiceName=Compute"],
    ["ServiceName=~^it's"],
    ["!Team?"],
    ["Team=network", "ServiceName!=Storage"],
  ),
  set: fc.oneof(
    fc.constantFrom(...teams).map((team) => ({ team })),
    fc.constantFrom(...costCenters).map((costCenter) => ({ costCenter })),
    fc.constant({ team: "vision", costCenter: "cc-2" }),
  ),
});

/** Splits of one key in a row that holds no cycle: each gives to values that give later, so that they chain. */
function splitsOf(key: string, values: readonly string[]): fc.Arbitrary<object[]> {
  const split = fc.record({
    method: fc.constantFrom("even", "proportional", "fixed"),
    by: fc.constantFrom("EffectiveCost", "BilledCost", "Charges"),
    some: fc.boolean(),
    weights: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: values.length, maxLength: values.length }),
  });
  return fc
    .tuple(
      fc.shuffledSubarray([...values], { minLength: values.length }),
      fc.array(split, { maxLength: values.length - 1 }),
    )
    .map(([order, splits]) =>
      splits.map(({ method, by, some, weights }, index) => {
        const later = order.slice(index + 1);
        const to = some ? later.slice(0, 2) : later;
        const shares = Object.fromEntries(
          to.map((value, at) => [value, String((weights[at] ?? 0) + (at === 0 ? 1 : 0))]),
        );
        return {
          id: `${key.toLowerCase()}-${index}`,
          key,
          from: order[index],
          method,
          ...(method === "fixed" ? { shares } : { to }),
          ...(method === "proportional" ? { by } : {}),
        };
      }),
    );
}

const world = fc.record({
  june: bill,
  juneRestated: bill,
  july: bill,
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  teamSplits: splitsOf("team", teams),
  costCenterSplits: splitsOf("costCenter", costCenters),
});

type Totals = Readonly<Record<string, { readonly billed: string; readonly effective: string }>>;
const plus = (...texts: readonly string[]): string =>
  formatDecimal(texts.reduce((sum, text) => sum + (text === "" ? 0n : decimal(text)), 0n));

/** What was delivered, by adding up the text; currencies that come to nothing are left out. */
const delivered = (...bills: readonly (readonly BillRow[])[]): Totals => totalsOf(bills.flat());
function totalsOf(parts: readonly { currency: string; billed: string; effective: string }[]): Totals {
  const all: Record<string, { billed: string; effective: string }> = {};
  for (const { currency, billed, effective } of parts) {
    const before = all[currency] ?? { billed: "0", effective: "0" };
    all[currency] = {
      billed: plus(before.billed, billed),
      effective: plus(before.effective, effective),
    };
  }
  return Object.fromEntries(
    Object.entries(all).filter(([, { billed, effective }]) => billed !== "0" || effective !== "0"),
  );
}
const text = (units: bigint | undefined): string => (units === undefined ? "" : formatDecimal(units));

/** What the scopes bear, over some statements. */
const borne = (...statements: readonly MonthStatement[]): Totals =>
  totalsOf(
    statements.flatMap(({ statement: { scopes } }) =>
      scopes.map(({ currency, total }) => ({
        currency,
        billed: text(total.billed),
        effective: text(total.effective),
      })),
    ),
  );

/** The same from the CSV: its lines, and the row that says what they add up to. */
function fromCsv(statement: MonthStatement): { lines: Totals; sums: Totals } {
  const rows = parse<Record<string, string>>(statementCsv(statement), { columns: true });
  const of = (some: Record<string, string>[]): Totals =>
    totalsOf(
      some.map((row) => ({
        currency: row["BillingCurrency"] ?? "",
        billed: row["BilledCost"] ?? "",
        effective: row["EffectiveCost"] ?? "",
      })),
    );
  return {
    lines: of(rows.filter(({ kind }) => kind !== "sum")),
    sums: of(rows.filter(({ kind, what }) => kind === "sum" && what === "borne")),
  };
}

test("whatever is billed, attributed and split, what goes in comes out, per currency, at the 18th decimal; also after a close", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ june, juneRestated, july, rules, teamSplits, costCenterSplits }) => {
      const own = await ownFolder();
      try {
        const config = await own.write(
          "plimsoll.yaml",
          JSON.stringify({
            attribution: { rules: rules.map((each, index) => ({ id: `r${index}`, ...each })) },
            splits: [...teamSplits, ...costCenterSplits],
          }),
        );
        await bring(own.data, await own.write("june.csv", focus(6, june)));
        await bring(own.data, await own.write("july.csv", focus(7, july)));
        await publishRules(
          own.data,
          await loadRules(config),
          0,
          () => {},
          () => {},
        );
        const splits = await loadSplits(config);
        const where = { data: own.data };
        const keys = ["team", "costCenter"] as const;
        const ask = (key: (typeof keys)[number], month: string) =>
          monthStatement(where, { key, month, splits });

        for (const key of keys) {
          const statement = await ask(key, "2026-07");
          expect(borne(statement)).toEqual(delivered(july));
          expect(fromCsv(statement)).toEqual({ lines: delivered(july), sums: delivered(july) });
          for (const { from } of splits.filter((split) => split.key === key)) {
            const kept = statement.notSplit.some(({ split }) => split.from === from);
            const left = statement.statement.scopes.filter(({ scope }) => scope === from);
            if (!kept)
              expect(left.map(({ total }) => total.billed ?? 0n).filter((units) => units !== 0n)).toEqual([]);
          }
        }

        const period = { data: own.data, source: "aws", billingPeriods: ["2026-06"], closed: true, now: 0 };
        await closePeriods(period, () => {});
        const closed = new Map<string, MonthStatement>();
        for (const key of keys) {
          const { statement } = await closeMonth(
            where,
            { key, month: "2026-06", splits },
            { actor: "ada", at: 1 },
          );
          expect(borne(statement)).toEqual(delivered(june));
          closed.set(key, statement);
        }
        await bring(own.data, await own.write("again.csv", focus(6, juneRestated)), { force: true });
        for (const key of keys) {
          const was = closed.get(key);
          const june = await ask(key, "2026-06");
          const after = await ask(key, "2026-07");
          // What was closed stays; what was restated is borne once, in July.
          expect(borne(june)).toEqual(was === undefined ? undefined : borne(was));
          expect(borne(june, after)).toEqual(delivered(juneRestated, july));
          expect(fromCsv(after)).toEqual({ lines: borne(after), sums: borne(after) });
        }
      } finally {
        await own.remove();
      }
    }),
    { numRuns: 15 },
  );
}, 180_000);
