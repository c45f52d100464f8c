import { afterAll, beforeAll, expect, test } from "vitest";
import type { Attribution } from "#facts/attribution.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { closePeriods } from "#flows/close-periods.ts";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { decideWorkload } from "#flows/inventory/decide-workload.ts";
import { csv } from "../imports/csv.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";

const charge = (day: string, cost: string, more: Record<string, string>): Record<string, string> => ({
  BilledCost: cost,
  EffectiveCost: cost,
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: `2026-07-${day}T00:00:00Z`,
  ChargePeriodEnd: `2026-07-${day}T01:00:00Z`,
  ChargeCategory: "Usage",
  ServiceName: "Compute",
  ServiceCategory: "Compute",
  SubAccountName: "rnd",
  ...more,
});
const rules: Attribution = {
  schema: { team: { values: ["search", "vision"], aliases: { srch: "search" } } },
  rules: [],
  production: [],
};

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
  const team = (name: string): Record<string, string> => ({ Tags: JSON.stringify({ team: name }) });
  const rows = [
    charge("01", "1", { ResourceId: "i-1", ResourceName: "oddity", ...team("search") }),
    charge("02", "2", { ResourceId: "i-2", ResourceName: "other", ...team("serach") }),
    charge("03", "4", { ResourceId: "i-2", ResourceName: "other", ...team("srch") }),
    charge("04", "8", { ResourceId: "i-3", ...team("payroll-2019"), EffectiveCost: "" }),
    charge("05", "16", { ResourceId: "i-3", ...team("payroll-2019") }),
  ];
  await bring(own.data, await own.write("bill.csv", csv(rows)));
  await publishRules(
    own.data,
    rules,
    0,
    () => {},
    () => {},
  );
});
afterAll(() => own.remove());
const now = Date.UTC(2026, 7, 3);
const awaiting = async () => (await examineLake(own.data, { now })).awaiting;

test("mistyped and unlisted tags, guessed types and charges without a cost are counted with their money", async () => {
  const { values, unpriced, workloads, inventory } = await awaiting();
  const common = { key: "team", currency: "USD" };
  expect(values).toEqual([
    { ...common, value: "payroll-2019", meant: [], charges: 2, effectiveCost: "16" },
    { ...common, value: "serach", meant: ["search"], charges: 1, effectiveCost: "2" },
  ]);
  expect(unpriced).toEqual([{ source: "aws", currency: "USD", charges: 1, billedCost: "8" }]);
  expect(inventory).toMatchObject({ to: "2026-07-06T00:00:00Z" });
  expect(workloads.map(({ workload }) => workload)).toContain("rnd/oddity");
});

test("what a person decided awaits nobody; nor do values of a closed period", async () => {
  const asked = { data: own.data, now };
  const by = { actor: "ada", at: now };
  await decideWorkload(asked, asked, "rnd/oddity", [{ field: "type", value: "training" }], by);
  expect((await awaiting()).workloads.map(({ workload }) => workload)).not.toContain("rnd/oddity");
  await closePeriods(
    { data: own.data, source: "aws", billingPeriods: ["2026-07"], closed: true, now },
    () => {},
  );
  expect((await awaiting()).values).toEqual([]);
});
