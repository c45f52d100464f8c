import { compareKpis, type Kpi, type KpiChange } from "#analysis/bridge/compare-kpis.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { absolute } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { parseCompared, parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { callKpis } from "./call-kpis.ts";
import { chargeKpis } from "./charge-kpis.ts";
import type { KpiKey, KpiRow, KpisByKey } from "./kpi-row.ts";
import { mixKpis } from "./mix-kpis.ts";
import { outcomeKpis } from "./outcome-kpis.ts";
import { signalKpis } from "./signal-kpis.ts";

/** Which KPIs somebody wants to see. */
export interface KpisAsked {
  readonly data: string;
  readonly now: number;
  readonly period: string;
  readonly by: KpiKey;
  /** True to tell what it runs on and keeps too: the charges themselves are read for it. */
  readonly withMix?: boolean;
}

/** Rows of KPIs of a time, those that cost most first. */
export interface KpisAnswer {
  readonly window: Window;
  readonly rows: readonly KpiRow[];
}

/** A row's KPIs against those of another time. */
export interface KpiRowChange {
  readonly key: string | null;
  /** The largest effect on cost first. */
  readonly changes: readonly KpiChange[];
}

/**
 * One row per workload, team, …: dollars with tokens, requests, GPU activity, latency, queue, failures and outcomes. What the lake has nothing of is left out.
 * @throws Problem "lake-empty" if it has nothing of anything, "window-invalid"
 */
export async function answerKpis({ data, now, period, by, withMix }: KpisAsked): Promise<KpisAnswer> {
  const window = parsePeriod(period, now);
  return { window, rows: await kpiRows(data, now, window, by, withMix) };
}

/**
 * @param withMix tells what it runs on and keeps too, for which the charges themselves are read
 * @throws Problem "lake-empty" if the lake has nothing of anything
 */
export async function kpiRows(
  data: string,
  now: number,
  window: Window,
  by: KpiKey,
  withMix = false,
): Promise<KpiRow[]> {
  const asked: TimeAsked = { data, now, from: formatInstant(window.start), to: formatInstant(window.end) };
  const empty: Problem[] = [];
  const found = async (of: Promise<KpisByKey>): Promise<KpisByKey> => {
    try {
      return await of;
    } catch (cause) {
      if (!(cause instanceof Problem) || cause.code !== "lake-empty") throw cause;
      empty.push(cause);
      return new Map();
    }
  };
  const charges = await found(chargeKpis(asked, by));
  const parts = [
    charges,
    await found(callKpis(asked, by)),
    await found(signalKpis(asked, by)),
    await found(outcomeKpis(asked, by, (key) => charges.get(key) ?? [])),
    ...(withMix ? [await found(mixKpis(asked, by))] : []),
  ];
  const [first] = empty;
  if (empty.length === parts.length && first !== undefined) throw first;
  const keys = [...new Set(parts.flatMap((part) => [...part.keys()]))];
  return keys
    .map((key) => ({ key, kpis: parts.flatMap((part) => part.get(key) ?? []) }))
    .sort((a, b) => bySize(spentOf(a), spentOf(b)) || ((a.key ?? "~") < (b.key ?? "~") ? -1 : 1));
}

const spentOf = ({ kpis }: KpiRow): bigint => kpis.find(({ unit }) => unit.of === "cost")?.value ?? 0n;
const bySize = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);

/** A change of less than this is none that anybody would act on. */
export const TOLERANCE = 0.01;

/** Which KPIs moved against the time before, per row. @param compare previous, year-ago, same-weekdays, a period, or FROM..TO */
export async function compareKpiRows(
  asked: KpisAsked,
  compare: string,
): Promise<KpisAnswer & { readonly compared: Window; readonly changes: readonly KpiRowChange[] }> {
  const answer = await answerKpis(asked);
  const compared = parseCompared(compare, answer.window, asked.now);
  const former = await kpiRows(asked.data, asked.now, compared, asked.by, asked.withMix);
  return { ...answer, compared, changes: changesOf(answer.rows, former) };
}

/** Which KPIs of which rows are other than they were, those with the largest effect on cost first. */
export function changesOf(rows: readonly KpiRow[], former: readonly KpiRow[]): KpiRowChange[] {
  const before = new Map(former.map(({ key, kpis }) => [key, kpis]));
  const now = new Map(rows.map(({ key, kpis }) => [key, kpis]));
  const keys = [...new Set([...now.keys(), ...before.keys()])];
  const none: readonly Kpi[] = [];
  return keys
    .map((key) => ({ key, changes: compareKpis(now.get(key) ?? none, before.get(key) ?? none, TOLERANCE) }))
    .sort((a, b) => bySize(effectOf(a), effectOf(b)));
}

/** The largest of its currencies: they can't be added. */
const effectOf = ({ changes }: KpiRowChange): bigint =>
  changes
    .filter(({ unit }) => unit.of === "cost")
    .reduce((most, { costEffect = 0n }) => (absolute(costEffect) > most ? absolute(costEffect) : most), 0n);
