import type { Attribution } from "#facts/attribution.ts";
import { controlDivision } from "#lake/division/control-division.ts";
import { controlRollups } from "#lake/import/control-written.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { writeRollups } from "#lake/import/write-charges.ts";
import { keepRules, rulesId } from "#lake/period-rules.ts";
import { type LakePeriod, publishVersion, readLake } from "#lake/snapshot.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import type { Patience } from "#lake/while-busy.ts";

/** What publishing did. */
export interface Published {
  /** False if these rules were in force already. */
  readonly changed: boolean;
  /** The name that the rules are kept by. */
  readonly rules: string;
  /** Billing periods that were attributed anew. */
  readonly backfilled: readonly LakePeriod[];
  /** Closed ones, which keep what they were closed with. */
  readonly closed: readonly LakePeriod[];
}

/** Told of the periods done, and how many there are. */
export type OnPeriod = (done: number, total: number) => void;

/**
 * Puts rules in force: open billing periods get new rollups, and every later delivery is attributed by them; closed periods keep what they
 * were closed with. It is seen as a whole or not at all.
 * @throws Problem "lake-busy", "totals-differ" if a rollup does not agree with its charges
 */
export async function publishRules(
  data: string,
  attribution: Attribution,
  now: number,
  onPeriod: OnPeriod,
  onWait: Patience["onWait"],
): Promise<Published> {
  const writer = await openWriter(data, [], now, onWait).catch((cause: unknown) => {
    throw engineProblem(cause, data);
  });
  try {
    const lake = await readLake(data);
    const rules = rulesId(attribution);
    const isCurrent = (period: LakePeriod): boolean => period.rules === rules;
    const closed = lake.periods.filter((period) => period.closed && !isCurrent(period));
    const open = lake.periods.filter((period) => !period.closed && !isCurrent(period));
    if (lake.rules === rules && open.length === 0) return { changed: false, rules, backfilled: [], closed };
    const version = lake.version + 1;
    await keepRules(writer.lake, attribution);
    const backfilled: LakePeriod[] = [];
    for (const period of open) {
      onPeriod(backfilled.length, open.length);
      backfilled.push(await attributeAnew(writer, period, attribution, version, rules));
    }
    onPeriod(open.length, open.length);
    const periods = lake.periods.map((period) => backfilled[open.indexOf(period)] ?? period);
    await publishVersion(data, { ...lake, version, at: now, periods, rules });
    return { changed: true, rules, backfilled, closed };
  } catch (cause) {
    throw engineProblem(cause, data);
  } finally {
    await writer.close();
  }
}

/** The charges stay as they are; their rollups are made again beside the former ones. */
async function attributeAnew(
  writer: Writer,
  period: LakePeriod,
  attribution: Attribution,
  version: number,
  rules: string,
): Promise<LakePeriod> {
  const { db, lake } = writer;
  const { source, role, files, division } = period;
  const importId = `rules-${rules}-v${version}`;
  const target = { lake, source, role, importId, period, attribution };
  const rollups = await writeRollups(db, files.charges, target);
  await controlRollups(db, lake, rollups, period);
  const renewed = { ...period, files: { ...files, ...rollups }, rules };
  if (division === undefined || division.files.charges.length === 0) return renewed;
  const its = { ...target, importId: `${importId}-division`, division: true } as const;
  const theirs = { ...division.files, ...(await writeRollups(db, division.files.charges, its)) };
  await controlDivision(db, lake, theirs, period.billingPeriod, division.rows);
  return { ...renewed, division: { ...division, files: theirs } };
}
