import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { tableNames } from "#lake/dialect.ts";
import { eventFiles, eventFolders } from "#lake/events/event-days.ts";
import { allFilesOf, type LakePeriod, type LakeVersion } from "#lake/snapshot.ts";

/** What the lake takes on the disk. */
export interface DiskUse {
  readonly liveBytes: number;
  /** Files that only former versions name; the next import sweeps what no kept version names. */
  readonly formerBytes: number;
  readonly liveFiles: number;
}

/** A file that the lake names and that isn't as it should be. */
export interface DamagedFile {
  readonly source: string;
  readonly billingPeriod: string;
  readonly file: string;
  readonly why: string;
}

/** The files of a period that are not there, or are empty. */
export async function missingFiles(lake: string, period: LakePeriod): Promise<DamagedFile[]> {
  const damaged: DamagedFile[] = [];
  for (const file of allFilesOf(period)) {
    const size = await sizeOf(path.join(lake, file));
    if (size === undefined || size === 0) {
      const { source, billingPeriod } = period;
      damaged.push({ source, billingPeriod, file, why: size === undefined ? "is missing" : "is empty" });
    }
  }
  return damaged;
}

/** The bytes of the lake's tables: what the version in force names, and the rest. */
export async function diskUse(lake: string, current: LakeVersion): Promise<DiskUse> {
  const live = new Set([...current.periods.flatMap(allFilesOf), ...eventFiles(current.events)]);
  const use = { liveBytes: 0, formerBytes: 0, liveFiles: live.size };
  for (const table of [...tableNames, ...eventFolders]) {
    const entries = await readdir(path.join(lake, table), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries.filter((each) => each.isFile())) {
      const full = path.join(entry.parentPath, entry.name);
      const bytes = (await sizeOf(full)) ?? 0;
      if (live.has(path.relative(lake, full))) use.liveBytes += bytes;
      else use.formerBytes += bytes;
    }
  }
  return use;
}

/** undefined if there is no such file. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}
