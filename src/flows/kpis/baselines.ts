import { z } from "zod";
import type { Kpi, KpiUnit } from "#analysis/bridge/compare-kpis.ts";
import { nearestNames } from "#facts/nearest-names.ts";
import { readLake } from "#lake/snapshot.ts";
import { type Baseline, baselineOf, freezeBaseline, listBaselines } from "#store/baselines.ts";
import { openExistingStore, openStore, withStore } from "#store/open-store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import type { JsonValue } from "#units/canonical-json.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import {
  answerKpis,
  changesOf,
  kpiRows,
  type KpiRowChange,
  type KpisAnswer,
  type KpisAsked,
} from "./answer-kpis.ts";
import { type KpiKey, kpiKeys, type KpiRow } from "./kpi-row.ts";

/** A baseline with its figures. */
export interface FrozenKpis extends Omit<Baseline, "content"> {
  readonly window: Window;
  readonly by: KpiKey;
  /** Version of the lake that it was read from. */
  readonly lake: number;
  /** Sources whose books of that time were open still: what they bill may have moved since. */
  readonly open: readonly string[];
  readonly rows: readonly KpiRow[];
}

const amount = z.string().transform((text) => decimal(text));
const unit = z.discriminatedUnion("of", [
  z.object({ of: z.literal("cost"), currency: z.string() }),
  z.object({
    of: z.literal("unit-cost"),
    currency: z.string(),
    per: z.string().transform((text) => BigInt(text)),
    what: z.string(),
  }),
  z.object({ of: z.literal("quantity"), what: z.string() }),
]);
const schema = z.object({
  form: z.literal(1),
  start: z.number(),
  end: z.number(),
  by: z.enum(kpiKeys),
  lake: z.number(),
  open: z.array(z.string()),
  rows: z.array(
    z.object({
      key: z.string().nullable(),
      kpis: z.array(
        z.object({
          id: z.string(),
          unit,
          better: z.enum(["lower", "higher", "neither"]),
          value: amount.nullable(),
          volume: amount.nullable(),
        }),
      ),
    }),
  ),
});

/**
 * Freezes the KPIs of a time, with what it ran on and kept, under a name: later times are held against these figures, whatever is restated meanwhile.
 * @returns the newest version of the name, and false if it has these figures already
 * @throws Problem "lake-empty"; "baseline-empty" if nothing happened in that time; "window-invalid", "record-invalid" and those of the store
 */
export async function freezeKpis(
  where: StoreWhere,
  asked: KpisAsked & { readonly name: string; readonly note?: string },
  by: { readonly actor: string; readonly at: number },
): Promise<{ baseline: FrozenKpis; frozen: boolean }> {
  const { window, rows } = await answerKpis({ ...asked, withMix: true });
  if (rows.length === 0)
    throw new Problem(
      "baseline-empty",
      `There is nothing from ${formatInstant(window.start)} to ${formatInstant(window.end)}.`,
    );
  const lake = await readLake(asked.data);
  const open = lake.periods
    .filter(({ closed, charges }) => !closed && charges.start < window.end && window.start < charges.end)
    .map(({ source }) => source);
  const content: JsonValue = {
    form: 1,
    start: window.start,
    end: window.end,
    by: asked.by,
    lake: lake.version,
    open: [...new Set(open)].sort((a, b) => (a < b ? -1 : 1)),
    rows: rows.map(({ key, kpis }) => ({ key, kpis: kpis.map(kpiJson) })),
  };
  const { note } = asked;
  const { baseline, frozen } = await withStore(openStore(where), (store) =>
    freezeBaseline(store, by, { name: asked.name, content, ...(note === undefined ? {} : { note }) }),
  );
  return { baseline: thawed(baseline), frozen };
}

const kpiJson = ({ id, unit: of, better, value, volume }: Kpi): JsonValue => ({
  id,
  unit: of.of === "unit-cost" ? { ...of, per: String(of.per) } : { ...of },
  better,
  value: textOf(value),
  volume: textOf(volume),
});

const textOf = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);

function thawed({ content, ...told }: Baseline): FrozenKpis {
  const { start, end, by, lake, open, rows } = schema.parse(JSON.parse(content));
  return {
    ...told,
    window: { start, end },
    by,
    lake,
    open,
    rows: rows.map(({ key, kpis }) => ({
      key,
      kpis: kpis.map(({ value, volume, unit: of, ...kpi }): Kpi => ({
        ...kpi,
        unit: of satisfies KpiUnit,
        value: value ?? undefined,
        ...(volume === null ? {} : { volume }),
      })),
    })),
  };
}

/** Baselines by name, the newest version first; none where there is no state yet. */
export async function frozenBaselines(where: StoreWhere): Promise<Omit<Baseline, "content">[]> {
  try {
    return await withStore(openExistingStore(where), listBaselines);
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "state-empty") return [];
    throw cause;
  }
}

/**
 * A baseline as it was frozen.
 * @param reference its name, or name@number for an older version
 * @throws Problem "baseline-unknown"
 */
export async function frozenKpis(where: StoreWhere, reference: string): Promise<FrozenKpis> {
  const [, name = reference, number] = /^(.+)@(\d{1,9})$/.exec(reference) ?? [];
  const all = await frozenBaselines(where);
  const known = all.filter((each) => each.name === name);
  const found =
    known.length === 0
      ? undefined
      : await withStore(openExistingStore(where), (store) =>
          baselineOf(store, name, number === undefined ? undefined : Number(number)),
        );
  if (found !== undefined) return thawed(found);
  const names = [...new Set(all.map((each) => each.name))];
  throw new Problem("baseline-unknown", `There is no baseline ${reference}.`, {
    hint:
      known.length > 0
        ? `${name} has the versions ${known.map((each) => each.number).join(", ")}.`
        : names.length > 0
          ? `There are ${(nearestNames(name, names).length > 0 ? nearestNames(name, names) : names.slice(0, 20)).join(", ")}.`
          : "Freeze one first: plimsoll baseline freeze <name> <period>.",
  });
}

/**
 * A baseline of the rows that are asked for.
 * @throws Problem "baseline-unknown", "option-invalid" if it is of other rows
 */
export async function baselineBy(
  where: StoreWhere,
  { by }: Pick<KpisAsked, "by">,
  reference: string,
): Promise<FrozenKpis> {
  const baseline = await frozenKpis(where, reference);
  if (baseline.by === by) return baseline;
  throw new Problem("option-invalid", `${reference} is by ${baseline.by}, not by ${by}.`, {
    hint: `Ask with --by ${baseline.by}, or freeze one by ${by}.`,
  });
}

/** KPIs against a baseline, and what its own time would be told as today. */
export interface AgainstBaseline extends KpisAnswer {
  readonly baseline: FrozenKpis;
  readonly changes: readonly KpiRowChange[];
  /** KPIs of the baseline's time that the lake tells otherwise today: bills were restated, calls priced anew, or more of it came in. */
  readonly restated: number;
}

/** @throws Problem "baseline-unknown", "option-invalid" if it is of other rows, and those of `answerKpis` */
export async function compareWithBaseline(
  where: StoreWhere,
  asked: KpisAsked,
  reference: string,
): Promise<AgainstBaseline> {
  const baseline = await baselineBy(where, asked, reference);
  const answer = await answerKpis({ ...asked, withMix: true });
  const today = await kpiRows(asked.data, asked.now, baseline.window, asked.by, true);
  const restated = changesOf(today, baseline.rows)
    .flatMap(({ changes }) => changes)
    .filter(({ before, after }) => before !== after).length;
  return { ...answer, baseline, changes: changesOf(answer.rows, baseline.rows), restated };
}
