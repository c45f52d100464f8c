import { afterAll, beforeAll, expect, test } from "vitest";
import { identifyModel } from "#facts/model-identity.ts";
import { priceCall } from "#facts/token-price.ts";
import { tokenParts } from "#facts/token-usage.ts";
import { priceCalls } from "#flows/prices/price-calls.ts";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { raw, sql } from "#lake/sql.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { catalogue, layers, type RandomCall, randomCalls } from "./random-calls.ts";

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

test("SQL prices random calls to the digit that priceCall gives, and leaves without a price what that leaves, in several currencies too", async () => {
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
  expect([...new Set(apart.map(({ model }) => model))]).toEqual(["sonar-deep-research"]);
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
    const expected = price.state === "priced" ? formatDecimal(price.cost.units) : null;
    const row = rows[index];
    const cost = typeof row?.["cost"] === "string" ? plain(row["cost"]) : null;
    expect({ index, cost }, JSON.stringify(call)).toEqual({ index, cost: expected });
    // Nothing used costs nothing, in whatever currency.
    if (price.state === "priced" && price.parts.length > 0)
      expect(row?.["currency"]).toBe(price.cost.currency);
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

test("no calls, and calls that nobody prices, are answered too", async () => {
  const price = async (): Promise<unknown> => {
    const { query } = await priceCalls(engine, raw("calls"), { catalogue, layers, deployments: [] });
    return engine.query(
      sql`select count(*)::integer as calls, count(cost)::integer as priced from (${query})`,
    );
  };
  await load([]);
  expect(await price()).toEqual([{ calls: 0, priced: 0 }]);
  await load(randomCalls(20).map((call) => ({ ...call, provider: "nobody" })));
  expect(await price()).toEqual([{ calls: 20, priced: 0 }]);
});

const plain = (text: string): string =>
  text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
