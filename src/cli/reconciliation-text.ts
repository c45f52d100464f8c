import type { ReconciledModel, ReconciliationAnswer } from "#flows/reconciliation/answer-reconciliation.ts";
import { absolute, formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { bold, dim } from "./colors.ts";
import { amount, count, day as dayText, many, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

type Day = ReconciledModel["days"][number];
type Cause = Day["parts"][number]["cause"];

/** A table of models, each with what its difference is made of. */
export function reconciliationText(
  { window, models, notCompared }: ReconciliationAnswer,
  isByDay: boolean,
): string {
  const head = bold(`Metered against billed · ${dayText(window.start)} to ${dayText(window.end)}`);
  if (models.length === 0)
    return `${head}\n\nNeither a bill nor a call of a model's tokens is in this time.\n`;
  const isByProject = models.some(({ project }) => project !== undefined);
  const lines = models.flatMap((model) => {
    const name = [
      printable(model.model),
      printable(model.provider),
      ...(isByProject ? [model.project == null ? dim("none") : printable(model.project)] : []),
    ];
    return isByDay
      ? model.days.map((day) => [...name, day.day, ...cellsOf([day], model)])
      : [[...name, ...cellsOf(model.days, model)]];
  });
  const labels = ["Model", "Provider", ...(isByProject ? ["Project"] : []), ...(isByDay ? ["Day"] : [])];
  const heads = ["Billed", "Metered", "Difference", "Because"];
  const right = [...labels.map(() => false), true, true, true, false];
  const notes = [...notesOf(models), ...notCompared.slice(0, MOST_NOT_COMPARED).map(notComparedNote)];
  return `${head}\n\n${table([...labels, ...heads], lines, right)}${notes.map((note) => `\n${dim(note)}`).join("")}${notes.length === 0 ? "" : "\n"}`;
}

/** Providers sell few services for AI. */
const MOST_NOT_COMPARED = 10;

const notComparedNote = ({
  provider,
  service,
  charges,
  cost,
  currency,
}: ReconciliationAnswer["notCompared"][number]): string =>
  `Not compared: ${many(charges, "charge")} of ${printable(provider)} (${printable(service)}), ${cost === undefined ? `an unknown cost in ${currency}` : `${amount(cost)} ${currency}`}, that ${charges === 1 ? "names" : "name"} no model or no class of tokens.`;

function cellsOf(days: readonly Day[], { currency }: ReconciledModel): string[] {
  const known = days.filter(({ difference }) => difference !== undefined);
  const sum = (of: readonly (bigint | undefined)[]): bigint =>
    of.reduce<bigint>((all, each) => all + (each ?? 0n), 0n);
  const billed = `${amount(sum(days.map((each) => each.billed)))} ${currency}`;
  if (known.length < days.length) return [billed, "unknown", "unknown", "calls without a price"];
  const difference = sum(days.map((each) => each.difference));
  return [
    billed,
    amount(sum(days.map((each) => each.metered))),
    signed(difference),
    causesOf(days)
      .map(([cause, units]) => `${cause.replaceAll("-", " ")} ${signed(units)}`)
      .join(", "),
  ];
}

/** By cause, the largest first. */
function causesOf(days: readonly Day[]): [Cause, bigint][] {
  const sums = new Map<Cause, bigint>();
  for (const { cause, amount: units } of days.flatMap(({ parts }) => parts))
    sums.set(cause, (sums.get(cause) ?? 0n) + units);
  return [...sums]
    .filter(([, units]) => units !== 0n)
    .sort(([, a], [, b]) => (absolute(b) > absolute(a) ? 1 : -1));
}

const signed = (units: bigint): string => (units > 0n ? `+${amount(units)}` : amount(units));

function notesOf(models: readonly ReconciledModel[]): string[] {
  const unpriced = models.reduce((sum, each) => sum + each.unpriced, 0);
  const days = models.flatMap((each) => each.days);
  const [unexplained, billed] = [
    days
      .flatMap(({ parts }) => parts.filter(({ cause }) => cause === "unexplained"))
      .reduce((sum, part) => sum + absolute(part.amount), 0n),
    days.reduce((sum, each) => sum + absolute(each.billed), 0n),
  ];
  const part = billed === 0n ? 0 : Number((unexplained * 1_000_000n) / billed) / 1_000_000;
  return [
    `${share(part)} of what was billed for tokens is unexplained; causes add up to each difference exactly.`,
    ...(unpriced === 0
      ? []
      : [
          `${many(unpriced, "call")} of ${count(models.reduce((sum, each) => sum + each.calls, 0))} without a price: their days are not compared.`,
        ]),
  ];
}

const exact = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);

export const reconciliationColumns = [
  "Provider",
  "Model",
  "Project",
  "Day",
  "Currency",
  "Billed",
  "Metered",
  "Difference",
  "Cause",
  "Amount",
  "Evidence",
] as const;

/** A line per cause; one without a cause where there is no difference, or it is not known. */
export const reconciliationRows = ({ models }: ReconciliationAnswer): Record<string, string | null>[] =>
  models.flatMap(({ provider, model, project, currency, days }) =>
    days.flatMap((day): Record<string, string | null>[] => {
      const common = {
        Provider: provider,
        Model: model,
        Project: project ?? null,
        Day: day.day,
        Currency: currency,
        Billed: exact(day.billed),
        Metered: exact(day.metered),
        Difference: exact(day.difference),
      };
      if (day.parts.length === 0) return [{ ...common, Cause: null, Amount: null, Evidence: null }];
      return day.parts.map(({ cause, amount: units, evidence }) => ({
        ...common,
        Cause: cause,
        Amount: exact(units),
        Evidence: evidence,
      }));
    }),
  );

/** For programs. */
export const reconciliationJson = ({ window, models, notCompared }: ReconciliationAnswer): object => ({
  window: { start: formatInstant(window.start), end: formatInstant(window.end) },
  models: models.map(({ days, project, ...model }) => ({
    ...model,
    ...(project === undefined ? {} : { project }),
    days: days.map(({ day, billed, metered, difference, parts }) => ({
      day,
      billed: exact(billed),
      metered: exact(metered),
      difference: exact(difference),
      parts: parts.map(({ cause, amount: units, evidence }) => ({ cause, amount: exact(units), evidence })),
    })),
  })),
  notCompared: notCompared.map(({ cost, ...each }) => ({ ...each, cost: exact(cost) })),
});
