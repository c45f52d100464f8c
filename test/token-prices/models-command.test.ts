import { afterEach, beforeEach, expect, test } from "vitest";
import { type FixtureRow, focusCsv } from "../engines/focus-csv.ts";
import { bring, type Ended, type OwnFolder, ownFolder, plimsoll } from "../imports/kit.ts";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());
const models = (...args: string[]): Promise<Ended> =>
  plimsoll(["prices", "models", ...args, "--data", own.data]);

interface Model {
  readonly provider: string;
  readonly listedAs: string | null;
  readonly state: string;
  readonly reason?: string;
  readonly call?: {
    readonly state: string;
    readonly cost?: string;
    readonly layer?: string;
    readonly parts: readonly { readonly class: string; readonly cost: string; readonly layer: string }[];
  };
}
const asked = async (...args: string[]): Promise<Model | undefined> => {
  const { exit, stdout, stderr } = await models(...args, "--json");
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return (JSON.parse(stdout) as { models: Model[] }).models[0];
};
const day = (before: number): string =>
  `${new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10)}T05:00:00Z`;

const call = ["claude-sonnet-4-5", "--input", "20000", "--cached", "18000", "--output", "500"];
const paid: FixtureRow = {
  ServiceProviderName: "Anthropic",
  ServiceName: "Claude API",
  SkuPriceDetails: `{"ModelId":"claude-sonnet-4-5-20250929","TokenDirection":"Output"}`,
  PricingCategory: "Standard",
  ConsumedUnit: "Tokens",
  ConsumedQuantity: "1000000",
  PricingUnit: "1000000 Tokens",
  PricingQuantity: "1",
  EffectiveCost: "14",
  ChargePeriodStart: day(5),
};
const contract =
  "provider,model,class,price,currency,valid_from\nanthropic,claude-sonnet-4-5,cache_read,0.25,USD,2026-01-01\n";

test("one call is priced part by part, each by the first layer that has a rate of it", async () => {
  // 2,000 × 3 + 18,000 × 0.3 + 500 × 15, ÷ 1,000,000
  expect((await asked(...call))?.call).toMatchObject({ state: "priced", cost: "0.0189", layer: "shipped" });

  await bring(own.data, await own.write("bill.csv", focusCsv([paid])), { source: "claude", now: Date.now() });
  await own.write("data/prices/tokens.csv", contract);
  const answer = await asked(...call);
  expect(answer?.call).toMatchObject({ cost: "0.0175", layer: "shipped" });
  expect(answer?.call?.parts.map((part) => `${part.class} ${part.cost} ${part.layer}`)).toEqual([
    "uncached 0.006 shipped",
    "cache_read 0.0045 contract",
    "visible 0.007 bill",
  ]);
  const { stdout } = await models(...call, "--explain");
  expect(stdout).toMatch(/input from a cache +18,000 +0\.25 +0\.0045 USD +contract/);
  expect(stdout).toMatch(/Total +0\.0175 USD/);
  expect(stdout).toContain(`sum("x_Tokens")`);
  expect(stdout).toContain("tokens.csv");
});

test("dates, long requests and deployments decide", async () => {
  expect((await asked("o3", "--input", "1000000", "--at", "2025-06-09"))?.call?.cost).toBe("10");
  expect((await asked("o3", "--input", "1000000", "--at", "2025-06-10"))?.call?.cost).toBe("2");
  expect((await asked("gemini-2.5-pro", "--input", "200000"))?.call?.cost).toBe("0.25");
  expect((await asked("gemini-2.5-pro", "--input", "200001"))?.call?.cost).toBe("0.5000025");
  await own.write("data/prices/deployments.csv", "provider,deployment,model\nazure,chat-prod,gpt-4o\n");
  expect(await asked("chat-prod", "--provider", "azure")).toMatchObject({
    provider: "azure",
    listedAs: "openai/gpt-4o",
  });
});

test("what has no price says so, and what it is known to cost", async () => {
  const batch = await models("o3", "--tier", "batch", "--input", "1000000");
  expect(batch).toMatchObject({ exit: 0, stderr: "" });
  expect(batch.stdout).toContain(
    "This call is unpriced: no layer has a price for this tier. At once it would cost 2 USD",
  );
  const write = await models("gpt-4o", "--input", "10", "--cache-write", "4");
  expect(write.stdout).toContain(
    "unpriced: no layer has a price of input to a cache, 5 minutes. It costs at least 0.000015 USD.",
  );
  expect(await asked("gpt-4o", "--input", "10", "--cache-write", "4")).toMatchObject({
    call: {
      state: "unpriced",
      reason: "part-unpriced",
      unpriced: ["cache_write_5m_text"],
      lowerBound: { cost: "0.000015" },
    },
  });
  expect((await models("codestral:free", "--provider", "mistral")).stderr).toMatch(
    /^Error model-unknown: .*Did you mean/,
  );
});

test("providers and their models are listed, and CSV is one row for each part", async () => {
  expect((await models()).stdout).toMatch(/anthropic +Anthropic +\d+/);
  expect((await models("--provider", "mistral")).stdout).toMatch(/codestral +0\.3 +0\.9 +USD +shipped/);
  const { stdout } = await models("claude-sonnet-4-5", "--input", "5", "--csv");
  const [head, ...rows] = stdout.trim().split("\n");
  expect(head).toMatch(/^provider,model,listedAs,/);
  expect(rows[0]).toMatch(
    /^anthropic,claude-sonnet-4-5,anthropic\/claude-sonnet-4-5,standard,,priced,,uncached,text,3,1000000 tokens,USD,0,,shipped,.*,5,0\.000015$/,
  );
  expect((await models("--csv")).stdout).toMatch(/^id,name,models\n/);
});

test("an unknown name, wrong options and a damaged contract are refused with what to do", async () => {
  expect(await models("claude-sonet-4-5")).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^Error model-unknown: .*Did you mean claude-sonnet-4-5/),
  });
  expect(await models("sonar-pro")).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("--provider: perplexity"),
  });
  for (const args of [
    ["--provider", "nobody"],
    ["--input", "5"],
    ["o3", "--tier", "slow"],
    ["o3", "--input", "-1"],
    ["o3", "--input", "1e3"],
    ["o3", "--input", "9007199254740992"],
    ["o3", "--input", "5", "--cached", "6"],
    ["o3", "--output", "5", "--reasoning", "6"],
    ["o3", "--at", "yesterday"],
    ["o3", "--json", "--csv"],
  ])
    expect(await models(...args), args.join(" ")).toMatchObject({ exit: 2, stdout: "" });
  await own.write("data/prices/tokens.csv", contract.replace("0.25", "free"));
  expect(await models("o3")).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^Error price-file-invalid: .*tokens\.csv, line 2, column price: "free"/),
  });
});
