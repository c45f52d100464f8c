import { judgeDays, judgeModel, judgeMonths, judgeRows, surest } from "#analysis/same-money/judge-pair.ts";
import type { Confidence } from "#facts/workload.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { type SharedModel, sharedModels } from "#lake/health/shared-models.ts";
import { type SharedRows, sharedRows } from "#lake/health/shared-rows.ts";
import { type SharedSums, sharedSums, type SourcePair } from "#lake/health/shared-sums.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { DuplicateDelivery } from "./duplicate-deliveries.ts";

/** Two sources of one role that bill the same money, so that a report counts it twice. */
export interface SameMoney extends SourcePair {
  /** same-bill: one bill, exported or read twice; estimate: a reckoning beside the bill that it reckons. */
  readonly kind: "same-bill" | "estimate";
  readonly confidence: Confidence;
  /** BilledCost that is there twice, as the first source has it: an exact decimal. */
  readonly billedCost: string;
  /** First and last day of it, as dates. */
  readonly from: string | null;
  readonly to: string | null;
  readonly evidence: {
    readonly days?: SharedSums;
    readonly months?: SharedSums;
    readonly rows?: SharedRows;
    readonly models?: readonly SharedModel[];
    /** Names of files that both hold byte for byte. */
    readonly files: readonly string[];
  };
}

/** Row by row only so many pairs are compared: their charges are read again. */
const MOST_PAIRS_BY_ROW = 20;

/**
 * Finds sources of one role that bill the same money. Whether two sources meet at all is seen in rollups; only where they do and their days
 * don't agree are charges read.
 * @param lake folder of the lake
 * @param periods whose files are whole
 */
export async function sameMoney(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
  duplicates: readonly DuplicateDelivery[],
): Promise<SameMoney[]> {
  const sourcesOfRoles = new Set(periods.map(({ source, role }) => `${role} ${source}`));
  const roles = new Set(periods.map(({ role }) => role));
  if (sourcesOfRoles.size === roles.size) return [];
  const days = await sharedSums(db, lake, periods, "day");
  const months = await sharedSums(db, lake, periods, "month");
  const bills: SameMoney[] = [];
  let compared = 0;
  // Whoever bills an account on one day bills it in that month.
  for (const month of months) {
    const day = days.find((each) => isSamePair(each, month));
    const byDay = day === undefined ? undefined : judgedSums(judgeDays, day);
    const [one, other] = meeting(periods, month);
    const rows =
      byDay === "high" || compared >= MOST_PAIRS_BY_ROW || one.length === 0
        ? undefined
        : await sharedRows(db, lake, one, other, month.currency);
    if (rows !== undefined) compared++;
    const found = sameBill(month, day, rows, filesOf(duplicates, month.sources));
    if (found !== undefined) bills.push(found);
  }
  const models = await sharedModels(db, lake, periods);
  const estimates = estimatesOf(models.filter((model) => !bills.some((bill) => isSamePair(bill, model))));
  return [...bills, ...estimates].sort(bySize);
}

const isSamePair = (a: SourcePair, b: SourcePair): boolean =>
  a.sources.join("\n") === b.sources.join("\n") && a.role === b.role && a.currency === b.currency;

/** Where nobody names an account, a provider may bill two customers alike. */
function judgedSums(judge: typeof judgeDays, sums: SharedSums): Confidence | undefined {
  const judged = judge(sums);
  return judged === "high" && sums.unnamedAccounts === sums.accounts ? "medium" : judged;
}

function sameBill(
  months: SharedSums,
  days: SharedSums | undefined,
  rows: SharedRows | undefined,
  files: readonly string[],
): SameMoney | undefined {
  const byDay = days === undefined ? undefined : judgedSums(judgeDays, days);
  const byMonth = judgedSums(judgeMonths, months);
  const byRow = rows === undefined ? undefined : judgeRows({ ...rows, shared: rows.compared });
  const confidence = surest([byDay, byMonth, byRow]);
  if (confidence === undefined) return undefined;
  const { sources, role, currency } = months;
  const carrier = byDay === confidence && days !== undefined ? days : months;
  const { from, to } = (days?.agree ?? 0) > 0 && days !== undefined ? days : carrier;
  return {
    kind: "same-bill",
    sources,
    role,
    currency,
    confidence,
    billedCost:
      byRow === confidence && byDay !== confidence && rows !== undefined
        ? rows.billedCost
        : carrier.billedCost,
    from,
    to,
    evidence: {
      ...(days === undefined ? {} : { days }),
      months,
      ...(rows === undefined ? {} : { rows }),
      files,
    },
  };
}

/** The billing periods of two sources that have charges at the same time: the first's and the other's. */
function meeting(
  periods: readonly LakePeriod[],
  { sources: [one, other], role }: SourcePair,
): [LakePeriod[], LakePeriod[]] {
  const of = (source: string): LakePeriod[] =>
    periods.filter((period) => period.source === source && period.role === role);
  const touching = (mine: readonly LakePeriod[], others: readonly LakePeriod[]): LakePeriod[] =>
    mine.filter(({ charges }) =>
      others.some((each) => each.charges.start < charges.end && charges.start < each.charges.end),
    );
  return [touching(of(one), of(other)), touching(of(other), of(one))];
}

const filesOf = (duplicates: readonly DuplicateDelivery[], sources: readonly string[]): string[] =>
  duplicates.filter((each) => sources.every((one) => each.sources.includes(one))).map(({ file }) => file);

function estimatesOf(models: readonly SharedModel[]): SameMoney[] {
  const pairs = new Map<string, SharedModel[]>();
  for (const model of models.filter((each) => judgeModel(each) !== undefined)) {
    const id = JSON.stringify([model.sources, model.role, model.currency]);
    pairs.set(id, [...(pairs.get(id) ?? []), model]);
  }
  return [...pairs.values()].flatMap((own): SameMoney[] => {
    const [first] = own;
    const confidence = surest(own.map(judgeModel));
    if (first === undefined || confidence === undefined) return [];
    const { sources, role, currency } = first;
    return [
      {
        kind: "estimate",
        sources,
        role,
        currency,
        confidence,
        billedCost: formatDecimal(own.reduce((sum, { billedCost }) => sum + decimal(billedCost), 0n)),
        from: own.map(({ from }) => from).sort()[0] ?? null,
        to:
          own
            .map(({ to }) => to)
            .sort()
            .at(-1) ?? null,
        evidence: { models: own, files: [] },
      },
    ];
  });
}

function bySize(a: SameMoney, b: SameMoney): number {
  if (a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
  const [x, y] = [decimal(a.billedCost), decimal(b.billedCost)];
  return x === y ? (a.sources.join() < b.sources.join() ? -1 : 1) : x > y ? -1 : 1;
}
