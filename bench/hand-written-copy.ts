import { availableParallelism } from "node:os";
import { DuckDBInstance } from "@duckdb/node-api";

/**
 * What someone who knows DuckDB would write to turn a FOCUS 1.2 CSV into typed, sorted Parquet, with the fast lossless cast. It checks
 * nothing, adds no columns, no rollups and no control totals. Run as a process of its own: CSV, then the file to write.
 */
const [csv = "", parquet = ""] = process.argv.slice(2);

const decimals =
  `BilledCost EffectiveCost ContractedCost ListCost ContractedUnitPrice ListUnitPrice PricingCurrencyContractedUnitPrice
  PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity ConsumedQuantity CommitmentDiscountQuantity`.split(
    /\s+/,
  );
const times = ["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"];

const typed = [
  ...decimals.map(
    (name) =>
      `coalesce(try_cast("${name}" as decimal(18,12))::decimal(38,18), cast("${name}" as decimal(38,18))) as "${name}"`,
  ),
  ...times.map((name) => `cast("${name}" as timestamptz)::timestamp as "${name}"`),
];

const instance = await DuckDBInstance.create(":memory:", {
  threads: String(availableParallelism()),
  memory_limit: "1024MiB",
  temp_directory: `${parquet}.spill`,
});
const connection = await instance.connect();
await connection.run("set TimeZone = 'UTC'");
await connection.run(
  `copy (select * replace (${typed.join(", ")}) from read_csv('${csv}', header = true, all_varchar = true)
   order by "ChargePeriodStart") to '${parquet}' (format parquet, compression zstd)`,
);
