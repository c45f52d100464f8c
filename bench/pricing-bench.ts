import { priceCalls } from "#flows/prices/price-calls.ts";
import { loadTokenLayers } from "#flows/prices/token-layers.ts";
import { tokenParts } from "#facts/token-usage.ts";
import { openDuckdb } from "#lake/engines/duckdb.ts";
import { raw, sql } from "#lake/sql.ts";
import { cpuSeconds, medianMilliseconds } from "./measure.ts";

const models = [
  "openai/gpt-5",
  "openai/gpt-5.4",
  "openai/gpt-4o-mini",
  "anthropic/claude-sonnet-4-5",
  "anthropic/claude-haiku-4-5",
  "google/gemini-2.5-pro",
  "google/gemini-2.5-flash",
  "deepseek/deepseek-v4-pro",
  "azure/gpt-4o",
  "mistral/mistral-medium-latest",
] as const;

/** Prices generated calls and sums them by model and day, against a scan that adds the same columns up without a price. */
export async function pricingBench(data: string, count: number): Promise<string[]> {
  const engine = await openDuckdb({ folders: [], memoryMiB: 4096 });
  try {
    const filled: Readonly<Record<string, string>> = {
      uncached_text: "cast(hash(i, 1) % 20000 as bigint)",
      cache_read_text: "cast(case when hash(i, 2) % 3 = 0 then hash(i, 3) % 300000 else 0 end as bigint)",
      visible_text: "cast(hash(i, 4) % 2000 as bigint)",
      reasoning_text: "cast(case when hash(i, 5) % 4 = 0 then hash(i, 6) % 5000 else 0 end as bigint)",
    };
    const columns = [...tokenParts, "web_search", "file_search"].map(
      (name) => `${filled[name] ?? "cast(0 as bigint)"} as "${name}"`,
    );
    const list = models.map((name) => `'${name}'`).join(", ");
    await engine.run(`create temp table calls as
      select split_part(m, '/', 1) as provider, split_part(m, '/', 2) as model, 'standard' as tier, cast(null as varchar) as region,
        timestamp '2026-06-01' + to_seconds(cast(hash(i, 7) % 7776000 as bigint)) as "at", ${columns.join(", ")}
      from (select i, ([${list}])[1 + cast(hash(i) % ${models.length} as bigint)] as m from range(${count}) as r(i))`);
    const loaded = await loadTokenLayers(data, Date.UTC(2026, 8, 1));
    let rates = 0;
    const price = async (): Promise<void> => {
      const made = await priceCalls(engine, raw("calls"), loaded);
      rates = made.rates;
      await engine.query(sql`select model, cast("at" as date) as day, currency, sum(cost) as cost, count(*) - count(cost) as unpriced
        from (${made.query}) group by all order by all`);
    };
    const priced = await medianMilliseconds(3, price);
    const cpu = await cpuSeconds(price);
    const sums = [...tokenParts, "web_search", "file_search"].map((name) => `sum("${name}")`).join(", ");
    const bare = await medianMilliseconds(3, () =>
      engine.run(`select model, cast("at" as date) as day, ${sums} from calls group by all order by all`),
    );
    return [
      `${count / 1e6} M calls priced and summed by model and day: ${priced.toFixed(0)} ms, ${cpu.toFixed(1)} s of CPU (${rates} rates), against ${bare.toFixed(0)} ms to add the same columns up: ratio ${(priced / bare).toFixed(2)}`,
    ];
  } finally {
    engine.close();
  }
}
