import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callTokens } from "#facts/call-tokens.ts";
import type { Call } from "#facts/call.ts";
import { identifyModel } from "#facts/model-identity.ts";
import { priceCall } from "#facts/token-price.ts";
import { pricesBy } from "#flows/calls/call-prices.ts";
import { importCalls } from "#flows/calls/import-calls.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { type OwnFolder, ownFolder } from "../imports/kit.ts";
import { catalogue, layers, type RandomCall, randomCalls } from "../token-prices/random-calls.ts";
import { call } from "./call-kit.ts";
import { askCalls, faultsOfCalls } from "./lake-kit.ts";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

const now = Date.UTC(2026, 8, 1);
const compute = pricesBy({ catalogue, layers, deployments: [] });
const bring = async (calls: readonly Call[]): Promise<void> => {
  async function* lists() {
    yield calls;
  }
  await importCalls(own.data, lists(), { now, compute });
};

const told = (each: RandomCall, id: number): Call =>
  call(String(id), {
    start: each.at,
    provider: each.provider ?? "litellm",
    requestModel: each.model,
    responseModel: null,
    region: each.region ?? null,
    tier: each.tier,
    requests: each.searches === 0 ? {} : { web_search: each.searches },
    ...callTokens({ state: "counted", usage: each.usage }),
  });

describe("calls that become part of the lake", () => {
  test("are priced to the digit that priceCall gives, whatever was called and when; rollups add up", async () => {
    const random = randomCalls(1500);
    await bring(random.map(told));
    const rows = await askCalls(
      own.data,
      `select "Id", "PricedCost"::varchar as cost, "PricedCurrency" as currency, "PriceLayer" as layer, "Unpriced" as reason from {calls}`,
    );
    expect(rows).toHaveLength(random.length);
    const reasons = new Set<unknown>();
    for (const { Id, cost, currency, layer, reason } of rows) {
      const each = random[Number(Id)];
      if (each === undefined) throw new Error(`no call ${String(Id)}`);
      const model = identifyModel(catalogue, {
        ...(each.provider === undefined ? {} : { provider: each.provider }),
        model: each.model,
      });
      const price = priceCall(
        {
          model,
          tier: each.tier,
          region: each.region ?? model.region,
          tokens: { state: "counted", usage: each.usage },
          fees: { web_search: each.searches },
        },
        layers,
        each.at,
        now,
      );
      reasons.add(reason);
      // A model that is charged by more than tokens has no price as a whole: whatever a single call would lack of it.
      if (reason === "other-units") continue;
      if (price.state === "priced")
        expect([
          formatDecimal(decimal(String(cost))),
          price.parts.length === 0 || layer === price.layer,
          reason,
        ]).toEqual([formatDecimal(price.cost.units), true, null]);
      else expect([cost, currency, layer, reason]).toEqual([null, null, null, price.reason]);
    }
    expect(reasons.size).toBeGreaterThan(4);
    expect(await faultsOfCalls(own.data)).toEqual([]);
  });

  test("and have no price say why: nothing counted, counts that are no partition, a model of one's own or of nobody", async () => {
    await bring([
      call("none", { tokens: null, status: "error" }),
      call("fault", { tokens: null, tokensFault: "cached-exceeds-input: cached 5 of 3" }),
      call("own", { provider: "vllm", responseModel: "llama" }),
      call("nobody", { provider: "openai", responseModel: "gpt-nobody" }),
      call("tier", { responseModel: "gpt-5", tier: "overnight" }),
      call("plain", { responseModel: "gpt-5", tier: null, start: Date.UTC(2026, 8, 1) }),
    ]);
    const rows = await askCalls(
      own.data,
      `select "Id" as id, "Unpriced" as reason, "PricedCost"::varchar as cost from {calls} order by 1`,
    );
    expect(Object.fromEntries(rows.map(({ id, reason, cost }) => [id, reason ?? cost]))).toEqual({
      fault: "usage-faulty",
      nobody: "model-unknown",
      none: "usage-unknown",
      own: "self-hosted",
      // 1,000 × 1.25 + 200 × 10 per million.
      plain: "0.003250000000000000",
      tier: "tier-unpriced",
    });
    const sums = await askCalls(
      own.data,
      `select sum("PricedCost")::varchar as cost, sum("n_PricedCost")::varchar as priced, sum("Calls")::varchar as calls from {calls_day}`,
    );
    expect(sums).toEqual([{ cost: "0.003250000000000000", priced: "1", calls: "6" }]);
  });
});
