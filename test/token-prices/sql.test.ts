import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identifyModel } from "#facts/model-identity.ts";
import { type NamedCard, namedLayer, shippedLayer } from "#facts/named-cards.ts";
import type { RateCard, ServiceTier } from "#facts/rate-card.ts";
import { parseTokenCatalogue } from "#facts/token-catalogue.ts";
import { priceCall } from "#facts/token-price.ts";
import { partitionTokens, tokenParts, type TokenUsage } from "#facts/token-usage.ts";
import { priceCalls } from "#flows/prices/price-calls.ts";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { raw, sql } from "#lake/sql.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";

const written = await readFile(new URL("../../catalog/token-prices.json", import.meta.url), "utf8");
const catalogue = parseTokenCatalogue(JSON.parse(written));

/** A contract with steps for the part above, a batch price, a region, and one line in another currency. */
const line = (provider: string, model: string, card: Partial<RateCard>): NamedCard => ({
  provider,
  model,
  exactness: 0,
  card: {
    id: `${provider} ${model}`,
    tier: "standard",
    currency: "USD",
    whole: false,
    uncounted: [],
    rates: {},
    source: "contract",
    ...card,
  },
});
const each = (units: bigint) => ({ scope: "request", steps: [{ above: 0, units }] }) as const;
const contract: readonly NamedCard[] = [
  line("openai", "gpt-5", {
    rates: {
      uncached_text: {
        scope: "part",
        steps: [
          { above: 0, units: 1_250_000_000_001n },
          { above: 1000, units: 900_000_000_003n },
          { above: 50_000, units: 1_000_000_000_000n },
        ],
      },
    },
    validFrom: Date.UTC(2026, 5, 15),
    validTo: Date.UTC(2026, 7, 1),
  }),
  line("openai", "gpt-5", {
    tier: "batch",
    rates: { uncached_text: each(600_000_000_000n), visible_text: each(7n) },
  }),
  line("aws", "global.anthropic.claude-haiku-4-5-20251001-v1:0", {
    region: "eu-west-1",
    rates: { visible_text: each(5_500_000_000_001n) },
  }),
  line("anthropic", "claude-opus-4-6", { currency: "EUR", rates: { uncached_text: each(1n) } }),
];
const layers = [namedLayer("contract", contract, catalogue), shippedLayer];

const models = [
  ["openai", "gpt-5"],
  ["openai", "o3"],
  ["openai", "gpt-5.4"],
  ["openai", "gpt-audio"],
  [undefined, "claude-sonnet-4-5-20250929"],
  ["anthropic", "claude-opus-4-6"],
  ["anthropic", "nobody's model"],
  ["bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["google", "gemini-2.5-pro"],
  ["google", "gemini-2.5-flash"],
  ["google", "gemini-3.6-flash"],
  ["deepseek", "deepseek-chat"],
  ["deepseek", "deepseek-v4-pro"],
  ["azure", "gpt-4o"],
  ["perplexity", "sonar-pro"],
  ["perplexity", "sonar-deep-research"],
  ["mistral", "mistral-ocr-latest"],
] as const;

interface RandomCall {
  readonly provider: string | undefined;
  readonly model: string;
  readonly tier: ServiceTier;
  readonly region: string | undefined;
  readonly at: number;
  readonly usage: TokenUsage;
  readonly searches: number;
}

/** The same calls at every run: a generator of Lehmer's. */
function randomCalls(count: number): RandomCall[] {
  let state = 42;
  const next = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  const size = (): number => [0, 0, next(2000), next(150_000), next(400_000)][next(5)] ?? 0;
  return Array.from({ length: count }, () => {
    const [provider, model] = models[next(models.length)] ?? models[0];
    const [uncached, read, write, hour, audio] = [
      size(),
      size(),
      next(3) === 0 ? size() : 0,
      0,
      next(6) === 0 ? size() : 0,
    ];
    const [visible, reasoning] = [size(), next(2) === 0 ? size() : 0];
    const counted = partitionTokens({
      input: uncached + read + write + hour + audio,
      output: visible + reasoning,
      cacheRead: read,
      cacheWrite5m: write,
      inputBy: { audio },
      reasoning,
    });
    if (counted.state === "fault") throw new Error(JSON.stringify(counted.faults));
    return {
      provider,
      model,
      tier: next(5) === 0 ? "batch" : "standard",
      region: [undefined, "eu-west-1", "us-east-1"][next(3)],
      at: Date.UTC(2026, 5, 1) + next(100 * 86_400) * 1000 + next(1000),
      usage: counted.usage,
      searches: next(9) === 0 ? next(4) : 0,
    };
  });
}

let engine: Duckdb;
beforeAll(async () => {
  engine = await openDuckdb({ folders: [] });
});
afterAll(() => engine.close());

async function load(calls: readonly RandomCall[]): Promise<void> {
  const columns = [...tokenParts, "web_search", "file_search"];
  await engine.run(
    `create or replace temp table calls (number integer, provider varchar, model varchar, tier varchar, region varchar, "at" timestamp, ${columns.map((name) => `"${name}" bigint`).join(", ")})`,
  );
  const text = (value: string | undefined): string =>
    value === undefined ? "null" : `'${value.replaceAll("'", "''")}'`;
  for (let start = 0; start < calls.length; start += 500) {
    const rows = calls.slice(start, start + 500).map((call, index) => {
      const parts = tokenParts.map((part) => call.usage.parts[part] ?? "null");
      const time = text(formatInstant(call.at).replace("T", " ").replace("Z", ""));
      return `(${[start + index, text(call.provider), text(call.model), text(call.tier), text(call.region), time, ...parts, call.searches, "null"].join(", ")})`;
    });
    await engine.run(`insert into calls values ${rows.join(", ")}`);
  }
}

test("SQL prices random calls to the digit that priceCall gives, and leaves without a price what that leaves", async () => {
  const calls = randomCalls(6000);
  await load(calls);
  const { query, apart, keys } = await priceCalls(engine, raw("calls"), {
    catalogue,
    layers,
    deployments: [],
  });
  const rows = await engine.query(
    sql`select number, cast(cost as varchar) as cost, currency from (${query}) order by number`,
  );
  expect(rows).toHaveLength(calls.length);
  expect(keys).toBeGreaterThan(60);
  expect([...new Set(apart.map(({ model }) => model))]).toEqual(["claude-opus-4-6", "sonar-deep-research"]);
  const states: Record<string, number> = {};
  for (const [index, call] of calls.entries()) {
    const { provider, model, region } = call;
    const identity = identifyModel(catalogue, { model, ...(provider === undefined ? {} : { provider }) });
    const price = priceCall(
      {
        model: identity,
        tier: call.tier,
        region: region ?? identity.region,
        tokens: { state: "counted", usage: call.usage },
        fees: { web_search: call.searches },
      },
      layers,
      call.at,
      call.at,
    );
    const reason = price.state === "priced" ? "priced" : price.reason;
    states[reason] = (states[reason] ?? 0) + 1;
    const left = apart.some(
      (key) => key.model === model && key.tier === call.tier && key.region === (region ?? ""),
    );
    const expected = price.state === "priced" && !left ? formatDecimal(price.cost.units) : null;
    const row = rows[index];
    const cost = typeof row?.["cost"] === "string" ? plain(row["cost"]) : null;
    expect({ index, cost }, JSON.stringify(call)).toEqual({ index, cost: expected });
    if (cost !== null && price.state === "priced") expect(row?.["currency"]).toBe(price.cost.currency);
  }
  // Every way to end is among them, so the agreement says something.
  for (const reason of [
    "priced",
    "part-unpriced",
    "tier-unpriced",
    "model-unknown",
    "other-units",
    "currencies-mixed",
  ])
    expect(states[reason] ?? 0, reason).toBeGreaterThan(10);
});

const plain = (text: string): string =>
  text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
