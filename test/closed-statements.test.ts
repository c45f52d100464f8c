import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Attribution } from "#facts/attribution.ts";
import { parseFilter } from "#facts/cost-question.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { statementHtml } from "#cli/statement-html.ts";
import { statementCsv, statementJson } from "#cli/statement-json.ts";
import { statementText } from "#cli/statement-text.ts";
import { closePeriods } from "#flows/close-periods.ts";
import { closeMonth } from "#flows/statements/close-statement.ts";
import { monthStatement, type MonthStatement } from "#flows/statements/month-statement.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { csv } from "./imports/csv.ts";
import { bring, type OwnFolder, ownFolder } from "./imports/kit.ts";
import { ada, onBothStores } from "./store/both-stores.ts";

const charge = (month: number, team: string, cost: string): Record<string, string> => ({
  BilledCost: cost,
  EffectiveCost: cost,
  BillingCurrency: "USD",
  BillingPeriodStart: `2026-0${month}-01T00:00:00Z`,
  BillingPeriodEnd: `2026-0${month + 1}-01T00:00:00Z`,
  ChargePeriodStart: `2026-0${month}-01T00:00:00Z`,
  ChargePeriodEnd: `2026-0${month}-02T00:00:00Z`,
  ChargeCategory: "Usage",
  ServiceName: "Compute",
  Tags: team === "" ? "{}" : JSON.stringify({ team }),
});
const splits = [
  { id: "p", key: "team", from: "platform", method: "proportional", by: "EffectiveCost" },
] as const;
const asked = (month: string) => ({ month, key: "team", splits }) as const;

const borne = ({ statement }: MonthStatement): Record<string, string> =>
  Object.fromEntries(
    statement.scopes.map(({ scope, total }) => [scope ?? "-", formatDecimal(total.effective ?? 0n)]),
  );
const sumOf = (statement: MonthStatement): string =>
  formatDecimal(statement.statement.scopes.reduce((sum, { total }) => sum + (total.effective ?? 0n), 0n));

onBothStores("closed statements", ({ fresh }) => {
  async function world(work: (own: OwnFolder, where: StoreWhere) => Promise<void>): Promise<void> {
    const own = await ownFolder();
    try {
      const { url } = fresh();
      await bring(
        own.data,
        await own.write(
          "1.csv",
          csv([
            charge(6, "search", "1"),
            charge(6, "platform", "3"),
            charge(7, "search", "10"),
            charge(8, "search", "20"),
          ]),
        ),
      );
      await work(own, { data: own.data, ...(url === undefined ? {} : { url }) });
    } finally {
      await own.remove();
    }
  }
  const books = (own: OwnFolder, month: string, closed: boolean): ReturnType<typeof closePeriods> =>
    closePeriods({ data: own.data, source: "aws", billingPeriods: [month], closed, now: 0 }, () => {});
  async function restate(own: OwnFolder, rows: Record<string, string>[]): Promise<void> {
    await bring(own.data, await own.write(`${rows.length}-${rows[0]?.["BilledCost"] ?? ""}.csv`, csv(rows)), {
      force: true,
    });
  }

  test("an open month is not closed, and the answer says what to do", () =>
    world(async (_, where) => {
      await expect(closeMonth(where, asked("2026-06"), ada())).rejects.toMatchObject({
        code: "statement-open",
        message: "2026-06 is still open for aws: its statement can't be closed.",
        hint: expect.stringContaining("plimsoll periods close --source aws --period 2026-06") as string,
      });
    }));

  test("what was closed stays as it was; what is restated is borne once, in the first month that is not closed", () =>
    world(async (own, where) => {
      await books(own, "2026-06", true);
      const { closed, statement } = await closeMonth(where, asked("2026-06"), ada());
      expect([closed, borne(statement)]).toEqual([true, { search: "4", platform: "0" }]);
      expect((await closeMonth(where, asked("2026-06"), ada(9))).closed).toBe(false);
      expect((await monthStatement(where, asked("2026-07"))).corrections).toEqual([]);

      await restate(own, [
        charge(6, "search", "1.5"),
        charge(6, "platform", "3"),
        charge(6, "vision", "1.5"),
      ]);
      expect(borne(await monthStatement(where, asked("2026-06")))).toEqual({ search: "4", platform: "0" });
      const july = await monthStatement(where, asked("2026-07"));
      // June is now 3 of search and 3 of vision: search gets one back.
      expect(borne(july)).toEqual({ search: "9", vision: "3" });
      // What was invoiced and what is corrected make what is borne, in every form.
      expect(statementText(july, undefined)).toMatch(
        /Invoiced +USD +10\.00 .*\n\+ Corrections +USD +2\.00 .*\n= Borne +USD .* 12\.00/,
      );
      expect(statementCsv(july)).toMatch(
        /,sum,invoiced,USD,10,10,\n.*,sum,corrections,USD,2,2,\n.*,sum,borne,USD,12,12,\n/,
      );
      expect(statementJson(july)).toMatchObject({
        sums: [
          {
            currency: "USD",
            invoiced: { EffectiveCost: "10" },
            corrections: { EffectiveCost: "2" },
            borne: { EffectiveCost: "12" },
          },
        ],
      });
      expect(statementHtml(july, undefined)).toMatch(
        />Invoiced<.*>10\.00<.*>\+ Corrections<.*>2\.00<.*>= Borne<.*>12\.00</s,
      );
      expect(borne(await monthStatement(where, asked("2026-08")))).toEqual({ search: "20" });

      await books(own, "2026-07", true);
      await closeMonth(where, asked("2026-07"), ada(10));
      expect(borne(await monthStatement(where, asked("2026-08")))).toEqual({ search: "20" });

      await restate(own, [
        charge(6, "search", "2.5"),
        charge(6, "platform", "3"),
        charge(6, "vision", "1.5"),
      ]);
      const august = await monthStatement(where, asked("2026-08"));
      const all = await Promise.all(
        ["2026-06", "2026-07"].map((month) => monthStatement(where, asked(month))),
      );
      const total = [...all, august].reduce((sum, each) => sum + decimal(sumOf(each)), 0n);
      expect(formatDecimal(total)).toBe("37");
    }));

  test("closing months out of order loses no correction: it waits for the first open month after the one that changed", () =>
    world(async (own, where) => {
      await books(own, "2026-06", true);
      await closeMonth(where, asked("2026-06"), ada());
      await restate(own, [charge(6, "search", "101"), charge(6, "platform", "3")]);
      await books(own, "2026-08", true);
      await closeMonth(where, asked("2026-08"), ada(1));
      expect(borne(await monthStatement(where, asked("2026-07")))).toEqual({ search: "110" });
      const august = await monthStatement(where, asked("2026-08"));
      expect(borne(august)).toEqual({ search: "20" });
      // What July bears of June is in the comparison too.
      expect(formatDecimal(august.before?.scopes[0]?.total.effective ?? 0n)).toBe("110");
    }));

  test("a closed month that is imported anew keeps the rules that it was closed with, so nothing is corrected", () =>
    world(async (own, where) => {
      const rules = (team: string): Attribution => ({
        schema: {},
        production: [],
        rules: [{ id: "r", strength: "override", when: [parseFilter("Team=search")], set: { team } }],
      });
      const publish = (team: string) =>
        publishRules(
          own.data,
          rules(team),
          0,
          () => {},
          () => {},
        );
      await publish("first");
      await books(own, "2026-06", true);
      await closeMonth(where, asked("2026-06"), ada());
      await publish("second");
      await bring(own.data, path.join(own.folder, "1.csv"), { force: true, mode: "overwrite" });
      const july = await monthStatement(where, asked("2026-07"));
      expect([july.corrections, borne(july)]).toEqual([[], { second: "10" }]);
    }));

  test("other splits than a month was closed with correct nothing", () =>
    world(async (own, where) => {
      await books(own, "2026-06", true);
      await closeMonth(where, asked("2026-06"), ada());
      const july = await monthStatement(where, { ...asked("2026-07"), splits: [] });
      expect(july.corrections).toEqual([]);
    }));

  test("a closed statement is shown although its source is no invoice any more; what left is borne in the next month", () =>
    world(async (own, where) => {
      await books(own, "2026-06", true);
      await closeMonth(where, asked("2026-06"), ada());
      await bring(own.data, await own.write("june.csv", csv([charge(6, "search", "4")])), {
        force: true,
        role: "estimate",
      });
      expect(borne(await monthStatement(where, asked("2026-06")))).toEqual({ search: "4", platform: "0" });
      const july = await monthStatement(where, asked("2026-07"));
      expect([borne(july), july.before?.scopes.length]).toEqual([{ search: "6" }, 2]);
    }));

  test("a statement tells who closed it, when, and its hash", () =>
    world(async (own, where) => {
      await books(own, "2026-06", true);
      await closeMonth(where, asked("2026-06"), ada());
      const { closed } = await monthStatement(where, asked("2026-06"));
      expect(closed).toEqual({
        at: ada().at,
        by: ada().actor,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
    }));
});

describe("a statement of another key", () => {
  test("is open while that of teams is closed", async () => {
    const own = await ownFolder();
    try {
      await bring(own.data, await own.write("1.csv", csv([charge(6, "search", "1")])));
      await closePeriods(
        { data: own.data, source: "aws", billingPeriods: ["2026-06"], closed: true, now: 0 },
        () => {},
      );
      await closeMonth({ data: own.data }, asked("2026-06"), ada());
      const { closed } = await monthStatement(
        { data: own.data },
        { ...asked("2026-06"), key: "environment" },
      );
      expect(closed).toBeUndefined();
    } finally {
      await own.remove();
    }
  });
});
