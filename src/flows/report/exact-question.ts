import {
  type CostQuestion,
  type Dimension,
  type Filter,
  type Measure,
  parseDimension,
  parseFilter,
  parseMeasure,
  unitOf,
} from "#facts/cost-question.ts";
import { readLake } from "#lake/snapshot.ts";
import { instant } from "#units/instant.ts";
import { parseComparison, parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";
import { type Granularity, type Window, window } from "#units/window.ts";

/** A question as a person writes it: in options of a command, parameters of a route. */
export interface Asked {
  readonly measures?: readonly string[];
  readonly by?: readonly string[];
  readonly where?: readonly string[];
  /** Charge categories to leave out, such as Tax and Credit. */
  readonly without?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly period?: string;
  readonly granularity?: Granularity;
  readonly compare?: string;
  readonly top?: number;
  readonly basis?: "cash" | "accrual";
  readonly time?: "charge" | "billing";
  readonly spread?: boolean;
  readonly role?: CostQuestion["role"];
  readonly now: number;
}

/** What was asked, exactly, and the window it is compared with. */
export interface Question {
  readonly question: CostQuestion;
  readonly compare?: Window;
}

/**
 * Makes an exact question of what was asked. Without a period it is about all that was imported.
 * @throws Problem "column-unknown", "measure-unknown", "filter-invalid", "window-invalid", "option-invalid", "lake-empty"
 */
export async function exactQuestion(data: string, asked: Asked): Promise<Question> {
  const accrual = asked.basis === "accrual";
  const measures: readonly Measure[] =
    asked.measures !== undefined && asked.measures.length > 0
      ? asked.measures.map(parseMeasure)
      : [accrual ? "EffectiveCost" : "BilledCost"];
  const by: Dimension[] = (asked.by ?? []).map(parseDimension);
  const where: Filter[] = [...(asked.where ?? []).map(parseFilter), ...withoutFilter(asked.without ?? [])];
  where.forEach(refuseEmpty);
  const time = asked.time ?? (asked.basis === "cash" ? "billing" : "charge");
  const spread = asked.spread ?? accrual;
  if (spread && time === "billing") {
    throw new Problem(
      "option-invalid",
      "Spreading is over the time of use; --time billing asks for the time of the invoice.",
    );
  }
  const asks = await windowOf(data, asked, time);
  const question: CostQuestion = {
    measures,
    by: withUnits(withoutCurrency(by), measures, where),
    where,
    window: asks,
    time,
    spread,
    role: asked.role ?? "invoice",
    ...(asked.granularity === undefined ? {} : { granularity: asked.granularity }),
    ...(asked.top === undefined ? {} : { top: asked.top }),
  };
  refuseRankingUnits(question);
  return asked.compare === undefined
    ? { question }
    : { question, compare: parseComparison(asked.compare, asks) };
}

/** Rows are always apart by currency, so asking for it adds nothing. */
function withoutCurrency(by: readonly Dimension[]): Dimension[] {
  return by.filter((dimension) => dimension.kind !== "column" || dimension.column !== "BillingCurrency");
}

/** Quantities are only added within one unit: unless a filter leaves just one, the unit becomes one of the groups. */
function withUnits(
  by: readonly Dimension[],
  measures: readonly Measure[],
  where: readonly Filter[],
): Dimension[] {
  const is = (dimension: Dimension, unit: string): boolean =>
    dimension.kind === "column" && dimension.column === unit;
  const units = [...new Set(measures.flatMap((measure) => unitOf[measure] ?? []))].filter(
    (unit) =>
      !by.some((dimension) => is(dimension, unit)) &&
      !where.some(
        (filter) => filter.kind === "is" && filter.values.length === 1 && is(filter.dimension, unit),
      ),
  );
  return [...by, ...units.map((column): Dimension => ({ kind: "column", column }))];
}

/** No column holds an empty text: what was delivered empty has no value. */
function refuseEmpty(filter: Filter): void {
  if (filter.kind !== "is" && filter.kind !== "is-not") return;
  if (filter.dimension.kind !== "column" || !filter.values.includes("")) return;
  const name = filter.dimension.column;
  throw new Problem("filter-invalid", `The filter on ${name} names an empty value.`, {
    hint: `Write !${name}? for charges without a value, ${name}? for those with one.`,
  });
}

function refuseRankingUnits({ top, measures: [first], by }: CostQuestion): void {
  const unit = first === undefined ? undefined : unitOf[first];
  if (top === undefined || unit === undefined) return;
  if (!by.some((dimension) => dimension.kind === "column" && dimension.column === unit)) return;
  throw new Problem("option-invalid", `--top can't tell which ${first} is largest: its units differ.`, {
    hint: `Leave one unit with --where "${unit}=Hours", or name a cost first in --measure.`,
  });
}

const categories = ["Usage", "Purchase", "Tax", "Credit", "Adjustment"] as const;

/** @throws Problem "option-invalid" if a name is no charge category */
function withoutFilter(names: readonly string[]): Filter[] {
  const values = names.map((name) => {
    const found = categories.find((category) => category.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw new Problem(
      "option-invalid",
      `--without ${name}: the charge categories are ${categories.join(", ")}.`,
    );
  });
  if (values.length === 0) return [];
  return [{ kind: "is-not", dimension: { kind: "column", column: "ChargeCategory" }, values }];
}

async function windowOf(
  data: string,
  { from, to, period, now }: Asked,
  time: CostQuestion["time"],
): Promise<Window> {
  if (period !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new Problem("option-invalid", "Give --period or --from and --to, not both.");
    return parsePeriod(period, now);
  }
  if (from !== undefined && to !== undefined) return window(instant(from), instant(to));
  const { periods } = await readLake(data);
  if (periods.length === 0)
    throw new Problem("lake-empty", `There is nothing in ${data} yet.`, { at: { file: data } });
  const day = 86_400_000;
  // Invoices of a month start on its first day, whenever its first charge was.
  const months =
    time === "billing" ? periods.map(({ billingPeriod }) => parsePeriod(billingPeriod, now)) : [];
  const all = [...periods.map(({ charges }) => charges), ...months];
  const start = Math.floor(Math.min(...all.map((each) => each.start)) / day) * day;
  const end = Math.ceil(Math.max(...all.map((each) => each.end)) / day) * day;
  return window(
    from === undefined ? start : instant(from),
    to === undefined ? Math.max(end, start + day) : instant(to),
  );
}
