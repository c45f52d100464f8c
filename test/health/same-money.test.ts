import { afterAll, describe, expect, test } from "vitest";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { formatDecimal } from "#units/decimal.ts";
import { csv } from "../imports/csv.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";

type Rows = readonly Record<string, string>[];
interface Delivery {
  readonly source: string;
  readonly rows: Rows;
  readonly format?: string;
  readonly role?: "invoice" | "estimate";
}

const folders: OwnFolder[] = [];
afterAll(() => Promise.all(folders.map((own) => own.remove())));

/** What the doctor says of deliveries, each a source of its own. */
async function pairsOf(deliveries: readonly Delivery[]) {
  const own = await ownFolder();
  folders.push(own);
  for (const { source, rows, ...options } of deliveries)
    await bring(own.data, await own.write(`${source}.csv`, csv(rows)), { source, ...options });
  return (await examineLake(own.data, { now: Date.UTC(2026, 7, 3) })).sameMoney;
}

const dayNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, "0"));
const days = dayNames(14);
/** A cost that no two days and things have in common. */
const cost = (day: number, thing: number): string =>
  formatDecimal(BigInt(day * 104_729 + thing * 7919 + 13) * 10n ** 12n);

const focusRow = (
  day: string,
  billed: string,
  more: Record<string, string> = {},
): Record<string, string> => ({
  BilledCost: billed,
  EffectiveCost: billed,
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: `2026-07-${day}T05:00:00Z`,
  ChargePeriodEnd: `2026-07-${day}T06:00:00Z`,
  ChargeCategory: "Usage",
  ServiceName: "Compute",
  ServiceProviderName: "AWS",
  BillingAccountId: "1",
  SubAccountId: "11",
  ...more,
});
const curRow = (day: string, billed: string, resource: string): Record<string, string> => ({
  "identity/LineItemId": `${day}-${resource}`,
  "bill/PayerAccountId": "1",
  "bill/BillingEntity": "AWS",
  "bill/BillingPeriodStartDate": "2026-07-01T00:00:00.000Z",
  "bill/BillingPeriodEndDate": "2026-08-01T00:00:00.000Z",
  "lineItem/UsageAccountId": "11",
  "lineItem/LineItemType": "Usage",
  "lineItem/UsageStartDate": `2026-07-${day}T05:00:00Z`,
  "lineItem/UsageEndDate": `2026-07-${day}T06:00:00Z`,
  "lineItem/ProductCode": "AmazonEC2",
  "lineItem/UsageAmount": "1",
  "lineItem/CurrencyCode": "USD",
  "lineItem/ResourceId": resource,
  "lineItem/UnblendedCost": billed,
});
const focus = days.flatMap((day, at) =>
  [1, 2, 3].map((thing) => focusRow(day, cost(at, thing), { ResourceId: `i-${thing}` })),
);
const sum = (rows: Rows, column = "BilledCost"): string =>
  formatDecimal(
    rows.reduce((all, row) => all + BigInt(Math.round(Number(row[column]) * 1e6)), 0n) * 10n ** 12n,
  );

describe("the same money is found", () => {
  test("as FOCUS and as a Cost and Usage Report: every day agrees, and all of the money", async () => {
    const cur = days.flatMap((day, at) =>
      [1, 2, 3].map((thing) => curRow(day, cost(at, thing), `i-${thing}`)),
    );
    expect(
      await pairsOf([
        { source: "focus", rows: focus },
        { source: "cur", rows: cur },
      ]),
    ).toMatchObject([
      {
        kind: "same-bill",
        sources: ["cur", "focus"],
        role: "invoice",
        currency: "USD",
        confidence: "high",
        billedCost: sum(focus),
        from: "2026-07-01",
        to: "2026-07-14",
        evidence: { days: { accounts: 1, shared: 14, agree: 14, amounts: 14 }, files: [] },
      },
    ]);
  });

  test("row by row, where one of the two holds more of the account and so no day agrees", async () => {
    const more = days.map((day) => focusRow(day, "3", { ServiceName: "Marketplace", ResourceId: "m" }));
    const cur = days.flatMap((day, at) =>
      [1, 2, 3].map((thing) => curRow(day, cost(at, thing), `I-${thing}`)),
    );
    expect(
      await pairsOf([
        { source: "cur", rows: cur },
        { source: "focus", rows: [...focus, ...more] },
      ]),
    ).toMatchObject([
      {
        confidence: "high",
        billedCost: sum(focus),
        evidence: { days: { agree: 0 }, rows: { compared: 42, agree: 42, sampled: 1 } },
      },
    ]);
  });

  test("as Azure's actual and amortised export of one month", async () => {
    const ea = (day: number, type: string, billed: string, reserved = false): Record<string, string> => ({
      SubscriptionId: "S1",
      Date: `7/${day + 1}/2026`,
      ProductName: "Virtual Machines",
      MeterCategory: "Virtual Machines",
      MeterId: "m1",
      UnitOfMeasure: "1 Hour",
      Quantity: "1",
      CostInBillingCurrency: billed,
      ChargeType: type,
      Frequency: type === "Purchase" ? "OneTime" : "UsageBased",
      PricingModel: reserved ? "Reservation" : "OnDemand",
      ReservationId: reserved ? "r1" : "",
      BillingCurrencyCode: "CAD",
      BillingPeriodStartDate: "7/1/2026",
      BillingPeriodEndDate: "7/31/2026",
    });
    const usage = days.map((_, day) => ea(day, "Usage", cost(day, 1)));
    const actual = [
      ...usage,
      ea(0, "Purchase", "14", true),
      ...days.map((_, day) => ea(day, "Usage", "0", true)),
    ];
    const amortized = [...usage, ...days.map((_, day) => ea(day, "Usage", "1", true))];
    const asked = { source: "amortized", rows: amortized, format: "azure-amortized" };
    expect(await pairsOf([{ source: "actual", rows: actual }, asked])).toMatchObject([
      { confidence: "high", currency: "CAD", evidence: { days: { shared: 14, agree: 13 } } },
    ]);
    // Only the purchases of the actual export beside the amortised one are the whole bill, once.
    expect(await pairsOf([{ source: "purchases", rows: actual, format: "azure-purchases" }, asked])).toEqual(
      [],
    );
  });

  test("where every day costs the same: several resources that agree row by row are evidence enough", async () => {
    const steady = days.flatMap((day) =>
      [1, 2, 3].map((thing) => focusRow(day, thing === 1 ? "2" : "3", { ResourceId: `i-${thing}` })),
    );
    expect(
      await pairsOf([
        { source: "a", rows: steady },
        { source: "b", rows: steady.toReversed() },
      ]),
    ).toMatchObject([{ confidence: "high", billedCost: "112", evidence: { days: { amounts: 1 } } }]);
  });

  test("by months, where days are not told", async () => {
    const month = (at: number, day: string) => {
      const [start, end] = [`2026-0${at + 4}-01T00:00:00Z`, `2026-0${at + 5}-01T00:00:00Z`];
      return focusRow("01", cost(at, 5), {
        BillingPeriodStart: start,
        BillingPeriodEnd: end,
        ChargePeriodStart: `2026-0${at + 4}-${day}T00:00:00Z`,
        ChargePeriodEnd: end,
      });
    };
    expect(
      await pairsOf([
        { source: "a", rows: [0, 1, 2].map((at) => month(at, "01")) },
        { source: "b", rows: [0, 1, 2].map((at) => month(at, "02")) },
      ]),
    ).toMatchObject([{ confidence: "medium", evidence: { months: { shared: 3, agree: 3, amounts: 3 } } }]);
  });
});

/** What goes through a gateway on a day, up and down as traffic does. */
const traffic = [5, 7, 6, 8, 7, 2, 1, 5, 8, 7, 9, 8, 2, 1];
const call = (day: string, billed: number, tokens: number | undefined, more: Record<string, string>) =>
  focusRow(day, billed.toFixed(6), {
    ServiceName: "LLM",
    ServiceProviderName: "OpenAI",
    SkuPriceDetails: '{"ModelId":"gpt-5","TokenDirection":"Input"}',
    ...(tokens === undefined
      ? {}
      : { ConsumedQuantity: String(tokens), ConsumedUnit: "Tokens", PricingQuantity: String(tokens) }),
    ...more,
  });
const invoice = days.map((day, at) =>
  call(day, (traffic[at] ?? 0) * 10, (traffic[at] ?? 0) * 1e6, {
    BillingAccountId: "org",
    SubAccountId: "p",
  }),
);
const gateway = (tokens: boolean) =>
  days.map((day, at) =>
    call(day, (traffic[at] ?? 0) * 10 * (1 + (at % 5) / 100), tokens ? (traffic[at] ?? 0) * 1e6 : undefined, {
      BillingAccountId: "",
      SubAccountId: "",
      ServiceProviderName: "Gateway",
      SkuPriceDetails: '{"ModelId":"openai/GPT-5"}',
    }),
  );

describe("a gateway's estimate beside the invoice", () => {
  test("is found by the model's days, and is sure where tokens agree", async () => {
    const pair = (tokens: boolean) =>
      pairsOf([
        { source: "gateway", rows: gateway(tokens) },
        { source: "openai", rows: invoice },
      ]);
    expect(await pair(false)).toMatchObject([
      {
        kind: "estimate",
        confidence: "medium",
        sources: ["gateway", "openai"],
        evidence: { models: [{ model: "gpt-5", shared: 14, agree: 14, tokenDays: 0 }] },
      },
    ]);
    expect(await pair(true)).toMatchObject([
      { confidence: "high", evidence: { models: [{ tokenDays: 14, tokenDaysAlike: 14 }] } },
    ]);
  });

  test("is none where it has a role of its own, and none where another customer uses the model otherwise", async () => {
    expect(
      await pairsOf([
        { source: "gateway", rows: gateway(true), role: "estimate" },
        { source: "openai", rows: invoice },
      ]),
    ).toEqual([]);
    const others = days.map((day, at) =>
      call(day, (traffic[(at + 3) % 14] ?? 0) * 10, undefined, {
        BillingAccountId: "org2",
        SubAccountId: "q",
      }),
    );
    expect(
      await pairsOf([
        { source: "one", rows: invoice },
        { source: "other", rows: others },
      ]),
    ).toEqual([]);
  });
});

describe("money that only looks alike is not told", () => {
  const fee = (more: Record<string, string>): Rows => days.map((day) => focusRow(day, "10", more));

  test("two accounts with the same daily fee", async () => {
    expect(
      await pairsOf([
        { source: "a", rows: fee({ SubAccountId: "11" }) },
        { source: "b", rows: fee({ SubAccountId: "12" }) },
      ]),
    ).toEqual([]);
  });

  test("the same fee every day, billed by one provider that names no account", async () => {
    const unnamed = { SubAccountId: "", BillingAccountId: "", ServiceProviderName: "Editor" };
    expect(
      await pairsOf([
        { source: "a", rows: fee(unnamed) },
        { source: "b", rows: fee(unnamed) },
      ]),
    ).toEqual([]);
  });

  test("one account whose services come from two sources", async () => {
    const storage = days.map((day, at) =>
      focusRow(day, cost(at, 9), { ServiceName: "Storage", ResourceId: "b" }),
    );
    expect(
      await pairsOf([
        { source: "compute", rows: focus },
        { source: "storage", rows: storage },
      ]),
    ).toEqual([]);
  });
});
