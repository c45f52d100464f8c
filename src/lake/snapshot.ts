import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { roles } from "#facts/role.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { type TableName, tableNames } from "./dialect.ts";
import { divisionSchema, filesSchema } from "./division/division-record.ts";
import { eventsSchema } from "./events/event-days.ts";

/** Currency to cost column to exact sum; null if no charge has a value: unknown is not zero. */
export const totalsSchema = z.record(z.string(), z.record(z.string(), z.string().nullable()));

/**
 * What the lake consists of at one moment. A new version is written whole and becomes visible by one rename of `CURRENT`, so an
 * import of many periods is seen entirely or not at all, and a kill at any moment leaves the former version in force.
 */
const periodSchema = z.object({
  source: z.string(),
  role: z.enum(roles),
  /** The billing period by its first month, YYYY-MM. */
  billingPeriod: z.string(),
  closed: z.boolean(),
  /** Live imports, oldest first; one in overwrite mode. */
  imports: z.array(z.string()),
  /** Live files per table of what was delivered, relative to the lake; `filesOf` has those of the division too. */
  files: filesSchema,
  rows: z.number(),
  totals: totalsSchema,
  /** Earliest and latest charge time, half open, ms. */
  charges: z.object({ start: z.number(), end: z.number() }),
  updatedAt: z.number(),
  /** The rules that its rollups were made by and its charges are read by; absent where none were published. */
  rules: z.string().optional(),
  /** Its node charges divided by allocations; absent where none was made, or nothing speaks of its time. */
  division: divisionSchema.optional(),
});
const versionSchema = z.object({
  version: z.number(),
  at: z.number(),
  periods: z.array(periodSchema),
  /** The rules in force, by which the next delivery is attributed. */
  rules: z.string().optional(),
  /** Events by table and day; absent where none ever came. */
  events: eventsSchema.optional(),
});

/** As which charges and rollups are laid out in files; one more whenever they gain a column. */
export const LAKE_LAYOUT = 6;
/** What a version's file holds beside it; the first lakes did not say their layout. */
const fileSchema = versionSchema.extend({ layout: z.number().default(1) });

/** A source's billing period as it is in force. */
export type LakePeriod = z.infer<typeof periodSchema>;
/** What the lake consists of at one moment. */
export type LakeVersion = z.infer<typeof versionSchema>;

/** How many former versions stay on disk with their files, however old they are. */
export const KEPT_VERSIONS = 5;

/** A version that was in force this short a while ago stays too: a question that was asked of it may still be reading its files. */
const READERS_MAY_TAKE_MS = 60 * 60 * 1000;

/** The lake within the data folder. */
export const lakeFolder = (data: string): string => path.join(data, "lake");
const VERSION_NAME = /^v\d{8,}\.json$/;
/** The file name of a version; names sort as the numbers do. */
export const versionName = (version: number): string => `v${String(version).padStart(8, "0")}.json`;

/**
 * The version in force; version 0 without periods if nothing was ever imported.
 * @throws Problem "lake-corrupt", "lake-layout" if another Plimsoll wrote it in another layout
 */
export async function readLake(data: string): Promise<LakeVersion> {
  const lake = lakeFolder(data);
  const name = await readFile(path.join(lake, "CURRENT"), "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  });
  if (name === undefined) return { version: 0, at: 0, periods: [] };
  if (!VERSION_NAME.test(name.trim()))
    throw new Problem("lake-corrupt", `${path.join(lake, "CURRENT")} names no version of the lake.`, {
      at: { file: path.join(lake, "CURRENT") },
      hint: `It must hold the name of the newest file in ${path.join(lake, "versions")}, such as ${versionName(1)}.`,
    });
  return readVersion(lake, name.trim());
}

/** Former versions that are still kept, newest first. */
export async function formerVersions(data: string, now: Instant): Promise<LakeVersion[]> {
  const lake = lakeFolder(data);
  const current = await readLake(data);
  const names = (await readdir(path.join(lake, "versions")).catch(() => [])).filter((name) =>
    VERSION_NAME.test(name),
  );
  const older = names
    .filter((name) => name < versionName(current.version))
    .sort()
    .reverse();
  const kept: LakeVersion[] = [];
  let next = current;
  for (const name of older) {
    if (kept.length >= KEPT_VERSIONS && next.at < now - READERS_MAY_TAKE_MS) break;
    next = await readVersion(lake, name);
    kept.push(next);
  }
  return kept;
}

async function readVersion(lake: string, name: string): Promise<LakeVersion> {
  const file = path.join(lake, "versions", name);
  let read: z.infer<typeof fileSchema>;
  try {
    read = fileSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new Problem("lake-corrupt", `${file} is missing or damaged.`, { at: { file }, cause });
  }
  const { layout, ...version } = read;
  if (layout !== LAKE_LAYOUT) throw otherLayout(lake, layout);
  return version;
}

/** Files of another layout lack columns that questions name; better one word about it than the engine's about a column. */
function otherLayout(lake: string, layout: number): Problem {
  const [which, hint] =
    layout < LAKE_LAYOUT
      ? [
          "an older Plimsoll, whose charges lack columns that are asked for now",
          "Import the bills again into a new folder: plimsoll import … --data <new folder>. The old one stays as it is.",
        ]
      : ["a newer Plimsoll", "Install that version or a later one."];
  return new Problem(
    "lake-layout",
    `The lake ${lake} was written by ${which} (layout ${layout}; this Plimsoll reads ${LAKE_LAYOUT}).`,
    { at: { file: lake }, hint: `${hint} Nothing was changed.` },
  );
}

/** Makes a new version the one in force, durably. Only one writer at a time may call it: see `openWriter`. */
export async function publishVersion(data: string, version: LakeVersion): Promise<void> {
  const lake = lakeFolder(data);
  const name = versionName(version.version);
  await mkdir(path.join(lake, "versions"), { recursive: true });
  await writeDurably(path.join(lake, "versions", name), JSON.stringify({ layout: LAKE_LAYOUT, ...version }));
  await writeDurably(path.join(lake, "CURRENT"), `${name}\n`);
}

/** Writes a file so that after a crash it is either the old or the new one, whole. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncPath(path.dirname(file));
}

/** Forces a file's or folder's content to the disk. */
export async function syncPath(target: string): Promise<void> {
  const handle = await open(target, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A period's live files of a table, relative to the lake: what was delivered, and its division. */
export const filesOf = ({ files, division }: LakePeriod, table: TableName): string[] => [
  ...files[table],
  ...(division?.files[table] ?? []),
];

/** A period's live files of all tables, relative to the lake. */
export const allFilesOf = (period: LakePeriod): string[] =>
  tableNames.flatMap((table) => filesOf(period, table));

/** Absolute paths of a table's live files, of the periods given. */
export function liveFiles(data: string, periods: readonly LakePeriod[], table: TableName): string[] {
  const lake = lakeFolder(data);
  return periods.flatMap((period) => filesOf(period, table).map((file) => path.join(lake, file)));
}
