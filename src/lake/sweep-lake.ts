import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Instant } from "#units/instant.ts";
import { tableNames } from "./dialect.ts";
import { eventFiles, eventFolders } from "./events/event-days.ts";
import { allFilesOf, formerVersions, lakeFolder, readLake, versionName } from "./snapshot.ts";
import { importRecords } from "./import-record.ts";

/**
 * Removes what no kept version names: files of older versions, and what a killed or failed import left behind. Only the process
 * that holds the lake for writing may call it.
 */
export async function sweepLake(data: string, now: Instant): Promise<void> {
  const lake = lakeFolder(data);
  const current = await readLake(data);
  const kept = [current, ...(await formerVersions(data, now))];
  const named = new Set(
    kept.flatMap(({ periods, events }) => [...periods.flatMap(allFilesOf), ...eventFiles(events)]),
  );
  for (const table of [...tableNames, ...eventFolders]) await prune(lake, table, named);
  const keptNames = new Set(kept.map(({ version }) => versionName(version)));
  await removeOthers(path.join(lake, "versions"), (name) => keptNames.has(name));
  const published = (await importRecords(data)).filter(({ version }) => version <= current.version);
  const records = new Set(published.map(({ id }) => `${id}.json`));
  await removeOthers(path.join(lake, "imports"), (name) => records.has(name));
  await removeOthers(lake, (name) => !/\.tmp$|^\.new-/.test(name));
}

/** @returns true if something is left in the folder */
async function prune(lake: string, folder: string, named: ReadonlySet<string>): Promise<boolean> {
  let left = false;
  for (const entry of await entriesOf(path.join(lake, folder))) {
    const relative = path.join(folder, entry.name);
    const keeps = entry.isDirectory() ? await prune(lake, relative, named) : named.has(relative);
    if (keeps) left = true;
    else await rm(path.join(lake, relative), { recursive: true, force: true });
  }
  return left;
}

async function removeOthers(folder: string, keep: (name: string) => boolean): Promise<void> {
  for (const { name } of await entriesOf(folder)) {
    if (!keep(name)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

const entriesOf = (folder: string): ReturnType<typeof readEntries> =>
  readEntries(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw cause;
  });

const readEntries = (folder: string) => readdir(folder, { withFileTypes: true });
