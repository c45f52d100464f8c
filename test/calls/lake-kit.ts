import path from "node:path";
import { callsTable } from "#facts/call-columns.ts";
import { eventTableNames } from "#facts/event-table.ts";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { openDuckdb, type Row } from "#lake/engines/duckdb.ts";
import { eventFiles, eventsOf, filesOfTable } from "#lake/events/event-days.ts";
import { formerVersions, lakeFolder, readLake, versionName } from "#lake/snapshot.ts";
import { contents } from "../imports/kit.ts";

/** Asks live tables of calls by their names: `from {calls}`. */
export async function askCalls(data: string, query: string): Promise<Row[]> {
  const lake = path.resolve(lakeFolder(data));
  const { days } = eventsOf((await readLake(data)).events, callsTable);
  const db = await openDuckdb({ folders: [lake] });
  try {
    let text = query;
    for (const name of eventTableNames(callsTable)) {
      const files = filesOfTable(days, callsTable, name).map((file) => `'${path.join(lake, file)}'`);
      text = text.replaceAll(`{${name}}`, `read_parquet([${files.join(", ")}], hive_partitioning = false)`);
    }
    return await db.run(text);
  } finally {
    db.close();
  }
}

/** The ids of all calls that the lake has, each as often as it has it. */
export const idsInLake = async (data: string): Promise<string[]> =>
  (await askCalls(data, `select "Id" from {calls} order by 1`)).map((row) => String(row["Id"]));

/** What the doctor says of calls: figures that differ, and files that can't be read. */
export async function faultsOfCalls(data: string): Promise<unknown[]> {
  const { events } = await examineLake(data, { now: Date.now() });
  return events.flatMap(({ imbalances, damaged }) => [...imbalances, ...damaged]);
}

/** Files of the lake that no kept version names. */
export async function callLeftovers(data: string, now: number): Promise<string[]> {
  const kept = [await readLake(data), ...(await formerVersions(data, now))];
  const named = new Set([
    "CURRENT",
    "writer.duckdb",
    ...kept.map(({ version }) => `versions/${versionName(version)}`),
    ...kept.flatMap(({ events }) => eventFiles(events)),
  ]);
  const found = await contents(path.join(data, "lake"));
  return Object.keys(found).filter((name) => found[name] !== "folder" && !named.has(name));
}
