import { identifyModel } from "#facts/model-identity.ts";
import { type RateKey, rateTable } from "#facts/rate-table.ts";
import { type ServiceTier, serviceTiers } from "#facts/rate-card.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import type { Sql } from "#lake/sql.ts";
import {
  callKeys,
  type KeyNames,
  mostOfParts,
  rateTableStatements,
  type TokenCosts,
  tokenCosts,
  usedParts,
} from "#lake/queries/token-costs.ts";
import type { TokenLayers } from "./token-layers.ts";

/** Calls with their costs, as a query. */
export interface PricedCalls {
  /** Every column of the calls, and those of `tokenCosts`. */
  readonly query: Sql;
  /** What SQL leaves to `priceCall`: its calls have no cost in the query. */
  readonly apart: readonly KeyNames[];
  readonly keys: number;
  readonly rates: number;
}

/** The temporary table that rates are joined from. */
const TABLE = "token_rates";

/**
 * Prices any number of calls inside the engine: each distinct provider, model, tier and region is resolved once here, the rest is one join
 * and arithmetic there. The same digits as `priceCall` gives, call by call.
 * @param calls a relation as `TokenCosts` describes it
 */
export async function priceCalls(
  engine: Duckdb,
  calls: Sql,
  { catalogue, layers, deployments }: Pick<TokenLayers, "catalogue" | "layers" | "deployments">,
  perCall?: TokenCosts["perCall"],
): Promise<PricedCalls> {
  const found = await engine.query(callKeys(calls));
  const names = found.map((row, key): KeyNames & { first: number; last: number } => ({
    key,
    provider: String(row["provider"]),
    model: String(row["model"]),
    tier: String(row["tier"]),
    region: String(row["region"]),
    first: Number(row["first"]),
    last: Number(row["last"]),
  }));
  const keys = names.flatMap((each): RateKey[] => {
    const tier = serviceTiers.find((one) => one === each.tier);
    return tier === undefined ? [] : [rateKey(each, tier)];
  });
  const within = {
    start: names.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY),
    end: names.reduce((most, { last }) => Math.max(most, last), 0) + 1,
  };
  const [most] = await engine.query(mostOfParts(calls));
  const { rows, apart, reasons } = rateTable(keys, layers, within);
  const told = names.map((each) => ({ ...each, ...reasonOf(each, reasons) }));
  for (const statement of rateTableStatements(TABLE, told, rows)) await engine.run(statement);
  return {
    query: tokenCosts({
      calls,
      table: TABLE,
      rows,
      used: usedParts(most),
      ...(perCall === undefined ? {} : { perCall }),
    }),
    apart: names.filter(({ key }) => apart.includes(key)),
    keys: names.length,
    rates: rows.length,
  };

  function reasonOf(
    { key, tier }: KeyNames,
    known: ReadonlyMap<number, string>,
  ): { readonly reason?: string } {
    const reason = serviceTiers.some((each) => each === tier) ? known.get(key) : "tier-unpriced";
    return reason === undefined ? {} : { reason };
  }

  function rateKey({ key, provider, model, region }: KeyNames, tier: ServiceTier): RateKey {
    const told = provider === "" ? {} : { provider };
    const identity = identifyModel(catalogue, { ...told, model }, deployments);
    return { key, model: identity, tier, region: region === "" ? identity.region : region };
  }
}
