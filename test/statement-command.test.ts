import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePeriods } from "#flows/close-periods.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { csv } from "./imports/csv.ts";
import { bring, type OwnFolder, ownFolder, plimsoll } from "./imports/kit.ts";

const charge = (
  month: number,
  team: string,
  cost: string,
  more: Record<string, string> = {},
): Record<string, string> => {
  const [start, end] = [`2026-0${month}-01T00:00:00Z`, `2026-0${month + 1}-01T00:00:00Z`];
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    BillingCurrency: "USD",
    BillingPeriodStart: start,
    BillingPeriodEnd: end,
    ChargePeriodStart: start,
    ChargePeriodEnd: `2026-0${month}-02T00:00:00Z`,
    ChargeCategory: "Usage",
    ServiceName: "Compute",
    Tags: team === "" ? "{}" : JSON.stringify({ team }),
    ...more,
  };
};
const bill = [
  charge(6, "search", "4"),
  charge(7, "search", "1.000000000000000001"),
  charge(7, "vision", "2"),
  charge(7, "platform", "0.000000000000000002", { ServiceName: "Network" }),
  charge(7, "platform", "10"),
  charge(7, "search", "-0.5", { ChargeCategory: "Credit" }),
  charge(7, "", "7"),
  charge(7, "<b>=cmd</b>", "3", { ServiceName: "<script>alert(1)</script>" }),
  charge(7, "vision", "5", { BillingCurrency: "EUR" }),
];

let own: OwnFolder;
let config: string;
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", csv(bill)));
  config = await own.write("plimsoll.yaml", "splits:\n  - { id: p, from: platform, to: [search, vision] }\n");
});
afterAll(() => own.remove());
const statement = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
  plimsoll(["statement", ...args, "--data", own.data, "--config", config]);

interface Json {
  readonly provisional: boolean;
  readonly scopes: readonly { scope: string | null; currency: string; total: { BilledCost: string } }[];
  readonly invoiced: readonly { currency: string; BilledCost: string }[];
}
const json = async (...args: readonly string[]): Promise<Json> =>
  JSON.parse((await statement("2026-07", "--json", ...args)).stdout) as Json;

test("what all bear adds up to the invoice at the 18th decimal; shared cost leaves its source", async () => {
  const { scopes, invoiced, provisional } = await json();
  expect(provisional).toBe(true);
  const borne = Object.fromEntries(
    scopes.map(({ scope, currency, total }) => [`${scope ?? "-"} ${currency}`, total.BilledCost]),
  );
  // Own cost weighs 0.5 + u and 2, u the smallest unit (search has a credit): of 10 + 2u, search gets 2 + 3.6u, so 4u of the units.
  expect(borne).toEqual({
    "search USD": "2.500000000000000005",
    "vision USD": "9.999999999999999998",
    "platform USD": "0",
    "<b>=cmd</b> USD": "3",
    "- USD": "7",
    "vision EUR": "5",
  });
  for (const { currency, BilledCost } of invoiced) {
    const sum = scopes
      .filter((each) => each.currency === currency)
      .reduce((all, { total }) => all + decimal(total.BilledCost), 0n);
    expect(formatDecimal(sum)).toBe(BilledCost);
  }
});

test("the table shows own, shared and credited cost, the month before, what nobody owns, and that the month is open", async () => {
  const { stdout } = await statement("2026-07", "--scope", "search");
  expect(stdout).toMatch(/search +USD +1\.00 +2\.00 +-0\.50 +2\.50 +-1\.50 +2\.50/);
  expect(stdout).not.toMatch(/\bvision\b/);
  const { stdout: all } = await statement("2026-07");
  expect(all).toMatch(/\(unallocated\) +USD +7\.00/);
  expect(stdout).toMatch(/Provisional: aws is still open for 2026-07/);
  expect(stdout).toMatch(/shared +platform +USD +2\.00/);
  await closePeriods(
    { data: own.data, source: "aws", billingPeriods: ["2026-07"], closed: true, now: 0 },
    () => {},
  );
  expect((await json()).provisional).toBe(false);
});

test("a team whose name is a formula or markup does no harm in CSV and on the page", async () => {
  const { stdout } = await statement("2026-07", "--csv");
  expect(stdout).toContain("2026-07,<b>=cmd</b>,usage,");
  const page = `${own.folder}/july.html`;
  await statement("2026-07", "--html", page);
  const html = await readFile(page, "utf8");
  expect(html).not.toMatch(/<script|<b>/);
  expect(html).toContain("&lt;b&gt;=cmd&lt;/b&gt;");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("a page of one team holds nothing of the others; what nobody owns has no name in CSV", async () => {
  const page = `${own.folder}/search.html`;
  await statement("2026-07", "--scope", "search", "--html", page);
  const html = await readFile(page, "utf8");
  expect(html).toContain("search");
  expect(html).not.toMatch(/\bvision\b|Invoiced/);
  const { stdout } = await statement("2026-07", "--csv");
  expect(stdout).toContain("2026-07,,usage,Compute,USD,7,7,1");
});

test("a month in local time is stated by the month that the lake books it in, and unknown cost is said", async () => {
  const local = await ownFolder();
  try {
    const rows = [
      charge(7, "search", "4", {
        BillingPeriodStart: "2026-06-30T22:00:00Z",
        BillingPeriodEnd: "2026-07-31T22:00:00Z",
      }),
      charge(7, "constructor", "1", {
        EffectiveCost: "",
        ChargeCategory: "Tax",
        ChargePeriodStart: "2026-07-09T00:00:00Z",
        ChargePeriodEnd: "2026-07-10T00:00:00Z",
      }),
    ];
    await bring(local.data, await local.write("bill.csv", csv(rows)));
    const { stdout } = await plimsoll(["statement", "2026-07", "--data", local.data]);
    expect(stdout).toMatch(/search +USD +4\.00/);
    expect(stdout).toMatch(/EffectiveCost is unknown for 1 charge/);
  } finally {
    await local.remove();
  }
});

describe("what can't be stated is one message with exit 2", () => {
  test.each([
    [["2026-05"], /period-unknown: Nothing was invoiced in 2026-05\. The lake holds 2026-06, 2026-07/],
    [["July"], /window-invalid: "July" is no month/],
    [["2026-13"], /window-invalid: "2026-13" is no month/],
    [["2026-07", "--by", "colour"], /option-invalid/],
    [
      ["2026-07", "--scope", "serch"],
      /Nobody called "serch" bears anything of 2026-07\. Did you mean search/,
    ],
    [["2026-07", "--csv", "--json"], /Give one of --json and --csv, not both/],
    [["2026-07", "--html", "/"], /data-unwritable: \/ can't be written/],
  ])("%s", async (args, message) => {
    const { exit, stderr } = await statement(...args);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
