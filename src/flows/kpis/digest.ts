import type { KpiChange } from "#analysis/bridge/compare-kpis.ts";
import type { BridgeReading } from "#analysis/bridge/read-bridge.ts";
import { filterText } from "#facts/cost-question.ts";
import { answerBridge } from "#flows/bridge/answer-bridge.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { answerKpis, changesOf, compareKpiRows, type KpiRowChange, type KpisAsked } from "./answer-kpis.ts";
import type { FrozenKpis } from "./baselines.ts";
import { METERED_COST, WHOLE_COST } from "./kpi-row.ts";

/** Why the cost of a row's calls changed. */
export interface DigestReason {
  readonly currency: string;
  readonly reading: BridgeReading;
  readonly before: bigint;
  readonly after: bigint;
  readonly fromUse: bigint;
  readonly fromWork: bigint;
}

/** What happened to one workload, team, …. */
export interface DigestEntry {
  readonly key: string | null;
  /** Its cost, per currency. */
  readonly costs: readonly KpiChange[];
  /** Parts of the cost that moved, the largest first. */
  readonly parts: readonly KpiChange[];
  /** Other KPIs that got better, worse or moved, the largest effect on cost first. */
  readonly moved: readonly KpiChange[];
  readonly reasons: readonly DigestReason[];
}

/** A time against the one before it: which KPI moved, and why. */
export interface Digest {
  readonly window: Window;
  readonly compared: Window;
  readonly by: KpisAsked["by"];
  /** Cost of everything, per currency; undefined where some of it is unknown. */
  readonly totals: readonly {
    readonly currency: string;
    readonly before: bigint | undefined;
    readonly after: bigint | undefined;
  }[];
  /** The largest effect on cost first. */
  readonly entries: readonly DigestEntry[];
  /** Whether neither time has anything. */
  readonly isEmpty: boolean;
  /** Rows that are not told. */
  readonly more: number;
}

const MOST_PARTS = 3;
const MOST_MOVED = 6;

/**
 * Which KPIs of which rows moved, and why.
 * @param against a time as `compareKpiRows` takes it, or figures that were frozen
 * @param top how many rows are told
 * @throws Problem of `compareKpiRows`
 */
export async function digest(
  asked: KpisAsked,
  against: string | Pick<FrozenKpis, "window" | "rows">,
  top: number,
): Promise<Digest> {
  const { window, compared, changes } =
    typeof against === "string" ? await compareKpiRows(asked, against) : await againstFrozen(asked, against);
  const told = changes.filter(isTold);
  const entries: DigestEntry[] = [];
  const compare =
    typeof against === "string"
      ? against
      : `${formatInstant(against.window.start)}..${formatInstant(against.window.end)}`;
  for (const change of told.slice(0, top)) entries.push(await entryOf(asked, compare, change));
  return {
    window,
    compared,
    by: asked.by,
    totals: totalsOf(changes),
    isEmpty: changes.length === 0,
    entries,
    more: told.length - entries.length,
  };
}

async function againstFrozen(
  asked: KpisAsked,
  { window: compared, rows }: Pick<FrozenKpis, "window" | "rows">,
): ReturnType<typeof compareKpiRows> {
  const answer = await answerKpis({ ...asked, withMix: true });
  return { ...answer, compared, changes: changesOf(answer.rows, rows) };
}

const isCost = ({ id }: KpiChange): boolean => id === WHOLE_COST;
const isPart = ({ id, unit }: KpiChange): boolean =>
  unit.of === "cost" && id !== WHOLE_COST && id !== METERED_COST;
const hasMoved = ({ outcome, before, after }: KpiChange): boolean =>
  ["better", "worse", "moved", "new", "gone"].includes(outcome) &&
  (before !== undefined || after !== undefined);
const isTold = ({ changes }: KpiRowChange): boolean => changes.some(hasMoved);

async function entryOf(
  asked: KpisAsked,
  compare: string,
  { key, changes }: KpiRowChange,
): Promise<DigestEntry> {
  const moved = changes.filter(hasMoved);
  return {
    key,
    costs: changes.filter(isCost),
    parts: moved.filter(isPart).slice(0, MOST_PARTS),
    moved: moved.filter(({ unit }) => unit.of !== "cost").slice(0, MOST_MOVED),
    reasons:
      key !== null && changes.some(({ id }) => id === "calls") ? await reasonsOf(asked, compare, key) : [],
  };
}

/** Calls by model say whether there was more to do, or what was done became dearer. */
async function reasonsOf(asked: KpisAsked, compare: string, key: string): Promise<DigestReason[]> {
  const where = [filterText(asked.by, key)];
  try {
    const { bridges } = await answerBridge({
      ...asked,
      compare,
      of: "calls",
      by: "model",
      where,
      units: "",
      volume: "items",
      volumeWhere: [],
      method: "lmdi",
      history: 0,
    });
    // Calls to servers of one's own have no price.
    const paid = bridges.filter(({ bridge: { sum } }) => sum.before !== 0n || sum.after !== 0n);
    return paid.map(({ bridge: { currency, sum }, read }) => ({
      currency,
      reading: read.reading,
      before: sum.before,
      after: sum.after,
      fromUse: read.fromUse,
      fromWork: read.fromWork,
    }));
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "lake-empty") return [];
    throw cause;
  }
}

function totalsOf(changes: readonly KpiRowChange[]): Digest["totals"] {
  const costs = changes.flatMap((row) => row.changes.filter(isCost));
  const currencies = [
    ...new Set(costs.flatMap(({ unit }) => (unit.of === "cost" ? [unit.currency] : []))),
  ].sort();
  return currencies.map((currency) => {
    const own = costs.filter(({ unit }) => unit.of === "cost" && unit.currency === currency);
    const sum = (when: "before" | "after"): bigint | undefined =>
      own.reduce<bigint | undefined>((all, change) => {
        // What came or went was nothing in the other time; what is unknown makes the sum unknown.
        const absent = change.outcome === (when === "before" ? "new" : "gone");
        const value = absent ? 0n : change[when];
        return all === undefined || value === undefined ? undefined : all + value;
      }, 0n);
    return { currency, before: sum("before"), after: sum("after") };
  });
}
