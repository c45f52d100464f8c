import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";

/** A day's line of OpenAI's bill: tokens of a class of gpt-4o-mini (0.15, 0.075 and 0.60 a million), and what was asked for them. */
const line = (
  day: number,
  kind: "Uncached" | "Read" | "Output" | "Credit",
  tokens: number,
  cost: string,
  project = "chat",
): Record<string, string> => ({
  BilledCost: cost,
  EffectiveCost: cost,
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: `2026-07-${day}T00:00:00Z`,
  ChargePeriodEnd: `2026-07-${day + 1}T00:00:00Z`,
  ChargeCategory: kind === "Credit" ? "Credit" : "Usage",
  ServiceName: "OpenAI API",
  ProviderName: "OpenAI",
  SubAccountName: project,
  ConsumedQuantity: kind === "Credit" ? "" : String(tokens),
  ConsumedUnit: kind === "Credit" ? "" : "tokens",
  SkuPriceDetails: JSON.stringify({
    ModelId: "gpt-4o-mini",
    TokenDirection: kind === "Output" ? "Output" : "Input",
    ...(kind === "Output" || kind === "Credit" ? {} : { TokenCacheAction: kind }),
  }),
});
const bill = [
  // As metered.
  line(10, "Uncached", 1_000_000, "0.15"),
  line(10, "Output", 100_000, "0.06"),
  // Half of the input billed as cached.
  line(12, "Uncached", 500_000, "0.075"),
  line(12, "Read", 500_000, "0.0375"),
  line(12, "Output", 100_000, "0.06"),
  // At the batch price, with a credit.
  line(14, "Uncached", 1_000_000, "0.075"),
  line(14, "Output", 100_000, "0.03"),
  line(14, "Credit", 0, "-0.05"),
  // Twice as much as anybody metered.
  line(16, "Uncached", 2_000_000, "0.30"),
  line(16, "Output", 100_000, "0.06"),
];
/** A plan, and a fee of a model: neither is of tokens. */
const notOfTokens = [
  {
    ...line(16, "Output", 0, "20"),
    ServiceCategory: "AI and Machine Learning",
    SkuPriceDetails: "",
    ConsumedUnit: "",
  },
  {
    ...line(16, "Output", 0, "3"),
    ServiceCategory: "AI and Machine Learning",
    SkuPriceDetails: JSON.stringify({ ModelId: "gpt-4o-mini" }),
    ConsumedUnit: "",
  },
  {
    ...line(16, "Output", 0, "7"),
    ServiceCategory: "AI and Machine Learning",
    SkuPriceDetails: "",
    ProviderName: "Cohere",
  },
];
const call = (day: number, more: object = {}): string =>
  JSON.stringify({
    id: `call-${day}-${JSON.stringify(more).length}`,
    start: `2026-07-${day}T12:00:00Z`,
    provider: "openai",
    responseModel: "gpt-4o-mini-2024-07-18",
    status: "ok",
    tokens: { input: 1_000_000, output: 100_000 },
    attributes: { workload: "chat" },
    ...more,
  });

describe("plimsoll reconcile", () => {
  let own: OwnFolder;
  const reconcile = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll(["reconcile", ...args, "--data", own.data]);
  beforeAll(async () => {
    own = await ownFolder();
    await bring(own.data, await own.write("bill.csv", csv([...bill, ...notOfTokens])), { source: "openai" });
    const calls = [10, 12, 14, 16].map((day) => call(day));
    const unpriced = call(18, { responseModel: "a-model-of-nobody" });
    await plimsoll([
      "calls",
      "import",
      await own.write("c.jsonl", `${[...calls, unpriced].join("\n")}\n`),
      "--data",
      own.data,
    ]);
  });
  afterAll(() => own.remove());

  test("names each difference, and its causes add up to it", async () => {
    const { models } = JSON.parse((await reconcile("2026-07", "--json")).stdout) as {
      models: {
        model: string;
        days: { day: string; difference: string | null; parts: { cause: string; amount: string }[] }[];
      }[];
    };
    const days = models.find(({ model }) => model === "gpt-4o-mini")?.days ?? [];
    expect(
      days.map(({ day, difference, parts }) => [
        day,
        difference,
        ...parts.map(({ cause, amount }) => `${cause} ${amount}`),
      ]),
    ).toEqual([
      ["2026-07-10", "0"],
      ["2026-07-12", "-0.0375", "cache-class -0.0375"],
      ["2026-07-14", "-0.155", "credit -0.05", "batch -0.075", "batch -0.03"],
      ["2026-07-16", "0.15", "missing-traffic 0.15"],
    ]);
    expect(models.find(({ model }) => model === "a-model-of-nobody")?.days).toMatchObject([
      { difference: null, parts: [] },
    ]);
  });

  test("is a table for people, day by day and by project if asked", async () => {
    const { stdout } = await reconcile("2026-07");
    expect(stdout).toMatch(/gpt-4o-mini +openai +0\.7975 USD|gpt-4o-mini +openai +0\.80 USD/);
    expect(stdout).toContain("missing traffic +0.15");
    expect(stdout).toContain("1 call of 5 without a price: their days are not compared.");
    expect(stdout).toContain("0.0% of what was billed for tokens is unexplained");
    expect((await reconcile("2026-07", "--days")).stdout).toMatch(
      /gpt-4o-mini +openai +2026-07-14 .*credit -0\.05/,
    );
    expect((await reconcile("2026-07", "--by-project", "--csv")).stdout).toContain(
      `openai,gpt-4o-mini,chat,2026-07-16,USD,0.36,0.21,0.15,missing-traffic,0.15,1000000 input tokens billed and not metered`,
    );
  });

  test("says what of the bill can't be held against calls, of providers that are compared", async () => {
    const { stdout } = await reconcile("2026-07");
    expect(stdout).toContain(
      "Not compared: 2 charges of OpenAI (OpenAI API), 23.00 USD, that name no model or no class of tokens.",
    );
    expect(stdout).not.toContain("7.00");
    expect(JSON.parse((await reconcile("2026-07", "--json")).stdout)).toMatchObject({
      notCompared: [{ provider: "OpenAI", service: "OpenAI API", charges: 2, cost: "23" }],
    });
  });

  test("says what is not there", async () => {
    expect((await reconcile("2026-05")).stdout).toContain(
      "Neither a bill nor a call of a model's tokens is in this time.",
    );
    expect((await reconcile("2026-7")).exit).toBe(2);
  });
});
