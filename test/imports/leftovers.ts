import path from "node:path";
import { importRecords } from "#lake/import-record.ts";
import { allFilesOf, formerVersions, readLake, versionName } from "#lake/snapshot.ts";
import { contents } from "./kit.ts";

/** Files and folders of a lake that no kept version names: there must be none once a writer has closed. */
export async function leftovers(data: string, now: number): Promise<string[]> {
  const kept = [await readLake(data), ...(await formerVersions(data, now))];
  const records = (await importRecords(data)).filter(({ version }) => version <= (kept[0]?.version ?? 0));
  const files = [
    "CURRENT",
    "writer.duckdb",
    ...kept.map(({ version }) => `versions/${versionName(version)}`),
    ...records.map(({ id }) => `imports/${id}.json`),
    ...kept.flatMap(({ periods }) => periods.flatMap(allFilesOf)),
  ];
  const named = new Set(files);
  for (const file of files)
    for (let folder = path.dirname(file); folder !== "."; folder = path.dirname(folder)) named.add(folder);
  return Object.keys(await contents(path.join(data, "lake"))).filter((name) => !named.has(name));
}
