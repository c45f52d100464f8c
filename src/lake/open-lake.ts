import path from "node:path";
import type { Role } from "#facts/role.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { type Dialect, duckdbDialect, type TableName } from "./dialect.ts";
import type { Duckdb, Engine } from "./engines/duckdb.ts";
import { lendEngine } from "./engines/kept-engines.ts";
import { rulesOf } from "./period-rules.ts";
import { readFault } from "./read-fault.ts";
import { filesOf, type LakePeriod, lakeFolder, type LakeVersion, liveFiles, readLake } from "./snapshot.ts";

/** A lake opened for questions at one version: what others write meanwhile is not seen. */
export interface OpenLake<E extends Engine = Engine> {
  readonly engine: E;
  readonly dialect: Dialect;
  readonly version: LakeVersion;
  /** Live periods that have charges in the window. */
  readonly periods: readonly LakePeriod[];
  /** Absolute paths of the files of a table, in the order that queries read them. */
  files(table: TableName): string[];
  /** What a question to a table reads. */
  read(table: TableName): { version: number; files: number; rowsRead: number };
  /** The first file of a table that can't be read to its end, beneath the lake's folder; undefined if all can. */
  damagedFile(table: TableName): Promise<string | undefined>;
  close(): void;
}

/**
 * @param window only periods with charges in it are opened; all if absent. A period is judged by its charges' own times, since
 * corrections sit in later billing periods.
 * @param role only periods of that role are opened; all if absent
 * @param only the billing periods that are opened, whatever the window
 * @throws Problem "lake-empty" if nothing was ever imported
 */
export async function openLake(
  data: string,
  window?: Window,
  role?: Role,
  only?: (period: LakePeriod) => boolean,
): Promise<OpenLake> {
  return openLakeWith(lendEngine, data, window, role, only);
}

/**
 * Opens the lake with an engine of the caller's own.
 * @param open makes the engine, given the absolute path of the lake's folder
 * @throws Problem "lake-empty"
 */
export async function openLakeWith<E extends Duckdb>(
  open: (lake: string) => Promise<E>,
  data: string,
  window?: Window,
  role?: Role,
  only?: (period: LakePeriod) => boolean,
): Promise<OpenLake<E>> {
  const version = await readLake(data);
  if (version.periods.length === 0)
    throw new Problem("lake-empty", `There is nothing in ${data} yet.`, { at: { file: data } });
  const all = version.periods;
  const touched = all.filter(
    (period) =>
      (role === undefined || period.role === role) &&
      (only === undefined
        ? window === undefined || touches(window, period.charges) || inMonths(window, period.billingPeriod)
        : only(period)),
  );
  // A question whose window holds nothing still needs the columns: one period answers it with no rows.
  const periods = touched.length === 0 ? all.slice(0, 1) : touched;
  const lake = path.resolve(lakeFolder(data));
  const rules = await rulesOf(lake, periods);
  const engine = await open(lake);
  const files = (table: TableName): string[] => liveFiles(path.resolve(data), periods, table);
  return {
    engine,
    dialect: duckdbDialect(
      files,
      touched.length === 0 ? undefined : role,
      rules,
      periods.some(({ division }) => (division?.files.charges.length ?? 0) > 0),
    ),
    version,
    periods,
    files,
    read: (table) => ({
      version: version.version,
      files: files(table).length,
      rowsRead: periods.reduce((sum, { rows }) => sum + rows, 0),
    }),
    damagedFile: async (table) => {
      for (const file of periods.flatMap((period) => filesOf(period, table)))
        if ((await readFault(engine, lake, [file])) !== undefined) return file;
      return undefined;
    },
    close: () => engine.close(),
  };
}

const touches = (a: Window, b: Window): boolean => a.start < b.end && b.start < a.end;

/** A question by billing period finds its month whatever the times of its charges. */
function inMonths(window: Window, billingPeriod: string): boolean {
  const start = Date.parse(`${billingPeriod}-01T00:00:00Z`);
  return touches(window, { start: start - 86_400_000, end: start + 32 * 86_400_000 });
}
