import { dividePeriod, madeOf } from "#lake/division/divide-period.ts";
import type { Division } from "#lake/division/division-record.ts";
import { engineProblem, isShortage } from "#lake/import/engine-problem.ts";
import { readRules } from "#lake/period-rules.ts";
import { readFault } from "#lake/read-fault.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import type { Writer } from "#lake/writer.ts";
import { Problem } from "#units/problems.ts";

/** What became of a billing period's node charges. */
export interface DividedPeriod {
  readonly source: string;
  readonly billingPeriod: string;
  /** undefined if it could not be made. */
  readonly division?: Division;
  /** The file that can't be read, for which nothing was divided. */
  readonly damaged?: string;
  /** It is closed, and keeps the division that it was closed with, if any, although allocations of its time came or went. */
  readonly closed?: true;
}

/** The periods of a lake as they will be, and what became of those whose charges or allocations are other than before. */
export interface Divided {
  readonly periods: readonly LakePeriod[];
  readonly anew: readonly DividedPeriod[];
}

/**
 * Divides the node charges of invoices by who used the nodes, wherever the division that a period has is not of what the lake is about to
 * hold: new charges, or other allocation rows of its time. Closed periods keep what they were closed with, unless their own charges are
 * replaced.
 * @param before periods in force
 * @param after periods as they will be
 * @param version of the lake that is being made
 * @param onPeriod told of the periods done, and how many there are
 * @throws Problem "totals-differ", "memory-full", "disk-full"
 */
export async function dividePeriods(
  writer: Writer,
  before: readonly LakePeriod[],
  after: readonly LakePeriod[],
  version: number,
  onPeriod: (done: number, total: number) => void,
): Promise<Divided> {
  const had = (period: LakePeriod): Division | undefined =>
    before.find((old) => old.source === period.source && old.billingPeriod === period.billingPeriod)
      ?.division;
  const anew = after.filter((period) => {
    if (period.role !== "invoice") return false;
    if (period.closed) return had(period) !== undefined && period.division === undefined;
    const allocations = allocationsOf(period, after);
    return allocations.length === 0
      ? period.division !== undefined
      : JSON.stringify(period.division?.of) !== JSON.stringify(madeOf(period, allocations));
  });
  const made = new Map<LakePeriod, DividedPeriod>();
  for (const period of anew) {
    onPeriod(made.size, anew.length);
    made.set(period, await divideOne(writer, period, allocationsOf(period, after), version));
  }
  if (anew.length > 0) onPeriod(anew.length, anew.length);
  const periods = after.map((period) => {
    const its = made.get(period);
    if (its === undefined) return period;
    return withDivision(period, its.division);
  });
  const kept = after.filter(
    (period) =>
      period.role === "invoice" &&
      period.closed &&
      !made.has(period) &&
      JSON.stringify(madeOf(period, allocationsOf(period, before))) !==
        JSON.stringify(madeOf(period, allocationsOf(period, after))),
  );
  const told = kept.map(({ source, billingPeriod }): DividedPeriod => ({
    source,
    billingPeriod,
    closed: true,
  }));
  return { periods, anew: [...made.values(), ...told] };
}

function withDivision(period: LakePeriod, division: Division | undefined): LakePeriod {
  const bare = { ...period };
  delete bare.division;
  return division === undefined ? bare : { ...bare, division };
}

/** Periods of role allocation that speak of a period's time. */
const allocationsOf = ({ charges }: LakePeriod, all: readonly LakePeriod[]): LakePeriod[] =>
  all.filter(
    (each) =>
      each.role === "allocation" && each.charges.start < charges.end && charges.start < each.charges.end,
  );

async function divideOne(
  { db, lake }: Writer,
  period: LakePeriod,
  allocations: readonly LakePeriod[],
  version: number,
): Promise<DividedPeriod> {
  const { source, billingPeriod } = period;
  if (allocations.length === 0) return { source, billingPeriod };
  const attribution = await readRules(lake, period.rules);
  const importId = `division-v${version}`;
  const target = { lake, source, role: period.role, importId, period, attribution, division: true } as const;
  try {
    return { source, billingPeriod, division: await dividePeriod(db, period, allocations, target) };
  } catch (cause) {
    const problem = engineProblem(cause, `${source} ${billingPeriod}`);
    if (cause instanceof Problem || isShortage(problem)) throw cause;
    // A damaged period must not keep others from coming in, or the lake could never be mended.
    for (const file of [period, ...allocations].flatMap(({ files }) => files.charges))
      if ((await readFault(db, lake, [file])) !== undefined) return { source, billingPeriod, damaged: file };
    throw cause;
  }
}
