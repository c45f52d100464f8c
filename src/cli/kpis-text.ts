import type { compareKpiRows, KpisAnswer } from "#flows/kpis/answer-kpis.ts";
import { formatDecimal } from "#units/decimal.ts";
import type { AgainstBaseline } from "#flows/kpis/baselines.ts";
import type { Window } from "#units/window.ts";
import { formatInstant } from "#units/instant.ts";
import { bold, dim, green, red } from "./colors.ts";
import { amount, day, many } from "./format.ts";
import { isWorthTelling, type Kpi, type KpiChange, kpiText, movedText } from "./kpi-values.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** Against a time, or against figures that were frozen of it. */
type Compared = Awaited<ReturnType<typeof compareKpiRows>> &
  Partial<Pick<AgainstBaseline, "baseline" | "restated">>;

const keyText = (key: string | null): string => (key === null ? dim("none") : printable(key));

/** The KPIs that a row shows: the first of these ids that it has, in each of its currencies. */
const shown: readonly (readonly [head: string, ids: readonly string[]])[] = [
  ["Cost", ["cost"]],
  ["Metered", ["cost of calls"]],
  ["GPU hours", ["GPU hours"]],
  ["Requests", ["calls", "requests"]],
  ["Failed", ["failed calls", "failed requests"]],
  ["Input tokens", ["input tokens", "served input tokens"]],
  ["Output", ["output tokens", "served output tokens"]],
  ["per 1,000", ["cost per 1,000 calls"]],
  ["per M tokens", ["cost per million tokens"]],
  ["p95", ["call p95", "request p95"]],
  ["Queue", ["requests in the queue"]],
  ["GPU busy", ["GPU busy"]],
];

/** A row each; all that is known of one where only one is asked for. */
export function kpisText({ window, rows }: KpisAnswer, by: string, isOne: boolean): string {
  const head = bold(`KPIs · ${day(window.start)} to ${day(window.end)} · by ${by}`);
  if (rows.length === 0) return `${head}\n\nThere is nothing in this time.\n`;
  if (isOne)
    return `${head}\n\n${rows.map(({ key, kpis }) => `${bold(keyText(key))}\n${listOf(kpis)}`).join("\n")}`;
  const columns = shown.filter(([, ids]) => rows.some(({ kpis }) => kpis.some(({ id }) => ids.includes(id))));
  const cells = rows.map(({ key, kpis }) => [
    keyText(key),
    ...columns.map(([, ids]) => {
      const id = ids.find((each) => kpis.some((kpi) => kpi.id === each));
      const found = kpis.filter((kpi) => kpi.id === id);
      return found.map(({ unit, value }) => kpiText(unit, value)).join(", ");
    }),
  ]);
  const metered = columns.some(([name]) => name === "Metered")
    ? "Cost is what bills say, Metered what calls cost by their prices: where both tell the same money, it is there twice and must not be added.\n"
    : "";
  const note = `${metered}Blank: the lake has nothing of it. --only <name> tells everything of one; --compare previous what moved.`;
  return `${head}\n\n${table([by, ...columns.map(([name]) => name)], cells, [false, ...columns.map(() => true)])}\n${dim(note)}\n`;
}

const listOf = (kpis: readonly Kpi[]): string =>
  table(
    ["KPI", "Value"],
    kpis.map(({ id, unit, value }) => [id, kpiText(unit, value)]),
    [false, true],
  );

/** What moved, row by row. */
export function changesText(answer: Compared, by: string): string {
  const { window, compared, changes, baseline } = answer;
  const of = baseline === undefined ? "" : `${printable(baseline.name)}@${baseline.number}, `;
  const moved = bold(
    `What moved · ${day(window.start)} to ${day(window.end)} against ${of}${day(compared.start)} to ${day(compared.end)} · by ${by}`,
  );
  const head = [moved, ...baselineNotes(answer)].join("\n");
  const rows = changes.flatMap(({ key, changes: own }) =>
    own
      .filter(isWorthTelling)
      .map((change) => [
        keyText(key),
        change.id,
        change.outcome === "new" ? "" : kpiText(change.unit, change.before),
        change.outcome === "gone" ? "" : kpiText(change.unit, change.after),
        movedText(change),
        outcomeText(change),
        change.costEffect === undefined
          ? ""
          : `${change.costEffect > 0n ? "+" : ""}${amount(change.costEffect)}`,
      ]),
  );
  if (changes.length === 0) return `${head}\n\nThere is nothing of either time in the lake.\n`;
  if (rows.length === 0) return `${head}\n\nNothing moved by more than a hundredth.\n`;
  const right = [false, false, true, true, true, false, true];
  return `${head}\n\n${table([by, "KPI", "Before", "Now", "Change", "", "Effect on cost"], rows, right)}`;
}

/** What one should know before believing a comparison with frozen figures. */
function baselineNotes({ window, compared, baseline, restated = 0 }: Compared): string[] {
  if (baseline === undefined) return [];
  const days = ({ start, end }: Window): number => Math.round((end - start) / 86_400_000);
  return [
    ...(days(window) === days(compared)
      ? []
      : [
          dim(
            `The baseline is of ${many(days(compared), "day")}, this of ${many(days(window), "day")}: compare what is per something, not sums.`,
          ),
        ]),
    ...(restated === 0
      ? []
      : [
          dim(
            `${many(restated, "figure")} of the baseline's time would be told otherwise today: it stays as it was frozen.`,
          ),
        ]),
  ];
}

const outcomeText = ({ outcome }: KpiChange): string =>
  outcome === "better" ? green(outcome) : outcome === "worse" ? red(outcome) : outcome;

const unitOf = (unit: Kpi["unit"]): { unit: string; currency: string | null; per: string | null } => ({
  unit: unit.of === "cost" ? "cost" : unit.what,
  currency: unit.of === "quantity" ? null : unit.currency,
  per: unit.of === "unit-cost" ? String(unit.per) : null,
});
const exact = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);

/** A line per KPI of each row; null is unknown. */
export const kpiRowsOf = ({ rows }: KpisAnswer): Record<string, string | null>[] =>
  rows.flatMap(({ key, kpis }) =>
    kpis.map(({ id, unit, value }) => ({ key, kpi: id, value: exact(value), ...unitOf(unit) })),
  );

/** A line per KPI of each row, as it was and is. */
export const changeRows = ({ changes }: Compared): Record<string, string | null>[] =>
  changes.flatMap(({ key, changes: own }) =>
    own.map(({ id, unit, before, after, change, outcome, costEffect }) => ({
      key,
      kpi: id,
      before: exact(before),
      after: exact(after),
      change: exact(change),
      outcome,
      costEffect: exact(costEffect),
      ...unitOf(unit),
    })),
  );

/** For programs. */
export const kpisJson = (answer: KpisAnswer, by: string): object => ({
  window: { start: formatInstant(answer.window.start), end: formatInstant(answer.window.end) },
  by,
  rows: answer.rows.map(({ key, kpis }) => ({
    key,
    kpis: kpis.map(({ id, unit, value, better }) => ({
      kpi: id,
      value: exact(value),
      ...unitOf(unit),
      better,
    })),
  })),
});
