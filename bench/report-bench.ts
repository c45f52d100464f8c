import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { exactQuestion, type Asked } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { medianMilliseconds } from "./measure.ts";

const now = Date.UTC(2026, 8, 1);
const summer = { from: "2026-06-01", to: "2026-09-01", now } as const;

/** A question and the SQL that someone would write for it by hand on the Parquet files. */
interface Compared {
  readonly name: string;
  readonly asked: Asked;
  readonly sql: string;
}

const within = `"ChargePeriodStart" >= timestamp '2026-06-01' and "ChargePeriodStart" < timestamp '2026-09-01'`;

/** Questions that only the raw charges can answer. */
const compared: readonly Compared[] = [
  {
    name: "20 costliest resources in each currency",
    asked: { ...summer, by: ["ResourceId"], top: 20 },
    sql: `select * from (select "ResourceId", "BillingCurrency", sum("BilledCost") c, count(*) from charges where ${within} group by all)
      qualify row_number() over (partition by "BillingCurrency" order by c desc) <= 20 order by c desc`,
  },
  {
    name: "SKU by day",
    asked: { ...summer, by: ["SkuId"], granularity: "day" },
    sql: `select date_trunc('day', "ChargePeriodStart") d, "SkuId", "BillingCurrency", sum("BilledCost"), count(*) from charges where ${within} group by all order by all`,
  },
  {
    name: "a tag that has no column",
    asked: { ...summer, by: ["tag:workload-type"] },
    sql: `select "x_Tags"['workload-type'], "BillingCurrency", sum("BilledCost"), count(*) from charges where ${within} group by all order by all`,
  },
  {
    name: "meter, with a filter on text",
    asked: { ...summer, by: ["SkuMeter"], where: ["ResourceName~chat"] },
    sql: `select "SkuMeter", "BillingCurrency", sum("BilledCost"), count(*) from charges where ${within} and contains(lower("ResourceName"), 'chat') group by all order by all`,
  },
  {
    name: "one day by resource type",
    asked: { by: ["ResourceType"], from: "2026-07-14", to: "2026-07-15", now },
    sql: `select "ResourceType", "BillingCurrency", sum("BilledCost"), count(*) from charges where "ChargePeriodStart" >= timestamp '2026-07-14' and "ChargePeriodStart" < timestamp '2026-07-15' group by all order by all`,
  },
];

/** What the overview asks; rollups answer. */
export const overview: readonly { name: string; asked: Asked }[] = [
  { name: "month to date", asked: { period: "2026-08", now } },
  { name: "cost by team", asked: { ...summer, by: ["Team"], measures: ["EffectiveCost"] } },
  { name: "service by day", asked: { ...summer, by: ["ServiceName"], granularity: "day", top: 10 } },
  {
    name: "month against month by service",
    asked: { period: "2026-08", compare: "previous", by: ["ServiceName"], now },
  },
  {
    name: "GPU hours by type and week",
    asked: { ...summer, measures: ["x_GpuHours"], by: ["GpuType"], granularity: "week" },
  },
];

/** Every report that reads raw charges against hand-written SQL, both on an engine that is open already. */
export async function reportBench(data: string): Promise<string[]> {
  const lines: string[] = [];
  const files = await parquetOf(data);
  const { connection, close } = await openBare();
  for (const { name, asked, sql } of compared) {
    const ours = await medianMilliseconds(5, () => ask(data, asked));
    const bare = await medianMilliseconds(5, () => handWritten(connection, files, sql));
    lines.push(
      `${name}: ${ours.toFixed(0)} ms, by hand ${bare.toFixed(0)} ms, ratio ${(ours / bare).toFixed(2)} (goal 1.3)`,
    );
  }
  close();
  return lines;
}

/** Milliseconds of each of the overview's questions. */
export async function overviewTimes(data: string): Promise<number[]> {
  const times: number[] = [];
  for (const { asked } of overview) times.push(await medianMilliseconds(9, () => ask(data, asked)));
  return times;
}

async function ask(data: string, asked: Asked): Promise<unknown> {
  return reportCost(data, await exactQuestion(data, asked));
}

async function openBare(): Promise<{ connection: DuckDBConnection; close: () => void }> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(availableParallelism()),
    memory_limit: "1024MiB",
  });
  const connection = await instance.connect();
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function handWritten(
  connection: DuckDBConnection,
  files: readonly string[],
  sql: string,
): Promise<unknown> {
  const list = files.map((file) => `'${file}'`).join(", ");
  const reader = await connection.runAndReadAll(sql.replace("from charges", `from read_parquet([${list}])`));
  return reader.getRowObjectsJson();
}

async function parquetOf(data: string): Promise<string[]> {
  const folder = path.join(data, "lake", "charges");
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => path.join(folder, name));
}
