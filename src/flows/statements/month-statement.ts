import type { AttributionKey } from "#facts/attribution-keys.ts";
import type { Split } from "#facts/split.ts";
import { addUp, type StatementSums } from "#analysis/statements/add-up.ts";
import { compareMonths, type ScopeChange } from "#analysis/statements/compare-months.ts";
import type { Correction, Statement } from "#analysis/statements/statement.ts";
import { type LakePeriod, readLake } from "#lake/snapshot.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { Problem } from "#units/problems.ts";
import { type Closed, closedStatements, pendingCorrections } from "./closed-statements.ts";
import { type Computed, computeStatement, monthsOf, periodsOf } from "./compute-statement.ts";
import { monthWindow } from "./month-charges.ts";

/** A month's statement and the one before it. */
export interface MonthStatement {
  readonly month: string;
  readonly key: AttributionKey;
  readonly statement: Statement;
  /** The month before; undefined where nothing was invoiced in it. */
  readonly before?: Statement;
  /** How each scope's cost moved against the month before, also of those that are gone; none without a month before. */
  readonly changes: readonly ScopeChange[];
  /** What all scopes add up to; none for a single scope. */
  readonly sums: readonly StatementSums[];
  readonly notSplit: Computed["notSplit"];
  /** Charges whose EffectiveCost nobody states; sums leave them out. */
  readonly unknown: number;
  /** What changed in closed months and is borne in this one. */
  readonly corrections: readonly Correction[];
  readonly splits: readonly Split[];
  /** Of a single scope: its part of each cost that others gave away. */
  readonly shares?: readonly ScopeShare[];
  /** Billing periods of the month that are still open: the statement is provisional. */
  readonly open: readonly LakePeriod[];
  /** Set if the statement is closed: it is shown as it was closed, whatever was restated since. */
  readonly closed?: Pick<Closed, "at" | "by" | "hash">;
}

/** What a scope got of a shared cost, in units of the 18th decimal of EffectiveCost. */
export interface ScopeShare {
  readonly from: string;
  readonly currency: string;
  readonly got: bigint;
  /** All that was given away. */
  readonly of: bigint;
}

/** What a statement is asked by. */
export interface StatementAsked {
  /** A calendar month, YYYY-MM: the billing periods whose middle lies in it. */
  readonly month: string;
  readonly key: AttributionKey;
  readonly splits: readonly Split[];
}

/**
 * Who bears what of a month: as it was closed, else as the lake has it now.
 * @throws Problem "period-unknown" if nothing was invoiced in the month, "lake-empty", "window-invalid"
 */
export async function monthStatement(where: StoreWhere, asked: StatementAsked): Promise<MonthStatement> {
  monthWindow(asked.month);
  const lake = await readLake(where.data);
  const months = monthsOf(lake);
  const closed = await closedStatements(where, asked.key);
  // What was closed stays to be seen, wherever its money went afterwards.
  const isStated = (month: string): boolean =>
    months.includes(month) || closed.some((each) => each.month === month);
  if (!isStated(asked.month)) throw nothingInvoiced(where.data, asked.month, months);
  const earlier = monthBefore(asked.month);
  const askedBefore = { ...asked, month: earlier };
  const before = isStated(earlier)
    ? await oneMonth(
        where.data,
        askedBefore,
        closed,
        await correctionsFor(where.data, askedBefore, months, closed),
      )
    : undefined;
  const corrections = await correctionsFor(where.data, asked, months, closed);
  const now = await oneMonth(where.data, asked, closed, corrections);
  return {
    month: asked.month,
    key: asked.key,
    ...now,
    ...(before === undefined ? {} : { before: before.statement }),
    changes: before === undefined ? [] : compareMonths(now.statement, before.statement),
    sums: addUp(now.statement),
    open: periodsOf(lake, asked.month).filter((period) => !period.closed),
  };
}

type OneMonth = Pick<
  MonthStatement,
  "statement" | "notSplit" | "unknown" | "corrections" | "splits" | "closed"
>;

async function oneMonth(
  data: string,
  { key, month, splits }: StatementAsked,
  closed: readonly Closed[],
  corrections: readonly Correction[] = [],
): Promise<OneMonth> {
  const kept = closed.find((each) => each.month === month);
  if (kept !== undefined) {
    const { statement, at, by, hash } = kept;
    return {
      statement,
      notSplit: [],
      unknown: kept.unknown,
      corrections: kept.corrections,
      splits: kept.splits,
      closed: { at, by, hash },
    };
  }
  const { statement, notSplit, unknown } = await computeStatement(data, key, month, splits, corrections);
  return { statement, notSplit, unknown, corrections, splits };
}

/** What changed in a closed month is borne in the first month after it that is not closed, so that it is borne once. */
async function correctionsFor(
  data: string,
  { key, month }: StatementAsked,
  months: readonly string[],
  closed: readonly Closed[],
): Promise<Correction[]> {
  const isClosed = new Set(closed.map((each) => each.month));
  const borneHere = closed.filter(
    (each) => months.find((later) => later > each.month && !isClosed.has(later)) === month,
  );
  return pendingCorrections(data, key, borneHere, closed);
}

/** The calendar month before one. */
export function monthBefore(month: string): string {
  const start = new Date(`${month}-01T00:00:00Z`);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

function nothingInvoiced(data: string, month: string, months: readonly string[]): Problem {
  if (months.length === 0)
    return new Problem("lake-empty", `Nothing was invoiced in ${data} yet.`, { at: { file: data } });
  return new Problem(
    "period-unknown",
    `Nothing was invoiced in ${month}. The lake holds ${months.join(", ")}.`,
  );
}
