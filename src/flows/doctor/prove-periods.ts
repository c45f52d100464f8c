import path from "node:path";
import { tableNames } from "#lake/dialect.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { type PeriodProof, proveBooks } from "#lake/health/prove-books.ts";
import { firstLine, readFault } from "#lake/read-fault.ts";
import { allFilesOf, filesOf, type LakePeriod } from "#lake/snapshot.ts";
import { type DamagedFile, missingFiles } from "./look-at-files.ts";

/** What the files of some periods say: the proof of each that is whole, and the files that are not. */
export interface ProvenPeriods {
  readonly proofs: ReadonlyMap<LakePeriod, PeriodProof>;
  readonly damaged: readonly DamagedFile[];
}

/**
 * Reads every file of the periods to its end and proves the books of those that are whole. What can't be read is what a doctor is
 * for: it is named, and the others are looked at.
 * @param lake folder of the lake
 */
export async function provePeriods(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
): Promise<ProvenPeriods> {
  const proofs = new Map<LakePeriod, PeriodProof>();
  const damaged: DamagedFile[] = [];
  for (const period of periods) {
    const missing = await missingFiles(lake, period);
    const faulty = [...missing, ...(await unreadableFiles(db, lake, period, missing))];
    damaged.push(...faulty);
    if (faulty.length > 0) continue;
    try {
      proofs.set(period, await proveBooks(db, lake, period));
    } catch (cause) {
      damaged.push(unprovable(period, lake, cause));
    }
  }
  return { proofs, damaged };
}

async function unreadableFiles(
  db: Duckdb,
  lake: string,
  period: LakePeriod,
  missing: readonly DamagedFile[],
): Promise<DamagedFile[]> {
  const damaged: DamagedFile[] = [];
  const { source, billingPeriod } = period;
  for (const table of tableNames) {
    const there = filesOf(period, table).filter((file) => !missing.some((each) => each.file === file));
    // One look tells of all files of a table; only where it fails each is looked at alone.
    if (there.length === 0 || (await readFault(db, lake, there)) === undefined) continue;
    for (const file of there) {
      const why = await readFault(db, lake, [file]);
      if (why !== undefined) damaged.push({ source, billingPeriod, file, why: cantBeRead(why, lake) });
    }
  }
  return damaged;
}

/** Files that can be read, yet don't hold what the lake's files hold: another program's, perhaps. */
function unprovable(period: LakePeriod, lake: string, cause: unknown): DamagedFile {
  const why = firstLine(cause);
  const { source, billingPeriod } = period;
  const named = allFilesOf(period).find((file) => why.includes(path.join(lake, file)));
  return {
    source,
    billingPeriod,
    file: named ?? `a file of ${source} ${billingPeriod}`,
    why: cantBeRead(why, lake),
  };
}

const cantBeRead = (why: string, lake: string): string =>
  `can't be read (${why.replaceAll(`${lake}${path.sep}`, "")})`;
