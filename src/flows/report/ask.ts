import {
  type CostQuestion,
  type Dimension,
  type Filter,
  type Measure,
  parseDimension,
  parseFilter,
  parseMeasure,
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

export interface Question {
  readonly question: CostQuestion;
  readonly compare?: Window;
}

/**
 * Makes an exact question of what was asked. Without a period it is about all that was imported.
 * @throws Problem "column-unknown", "measure-unknown", "filter-invalid", "window-invalid", "lake-empty"
 */
export async function exactQuestion(data: string, asked: Asked): Promise<Question> {
  const accrual = asked.basis === "accrual";
  const measures: readonly Measure[] =
    asked.measures !== undefined && asked.measures.length > 0
      ? asked.measures.map(parseMeasure)
      : [accrual ? "EffectiveCost" : "BilledCost"];
  const by: Dimension[] = (asked.by ?? []).map(parseDimension);
  const where: Filter[] = (asked.where ?? []).map(parseFilter);
  const time = asked.time ?? (asked.basis === "cash" ? "billing" : "charge");
  const spread = asked.spread ?? accrual;
  if (spread && time === "billing") {
    throw new Problem(
      "option-invalid",
      "Spreading is over the time of use; --time billing asks for the time of the invoice.",
    );
  }
  const asks = await windowOf(data, asked);
  const question: CostQuestion = {
    measures,
    by: withoutCurrency(by),
    where,
    window: asks,
    time,
    spread,
    role: asked.role ?? "invoice",
    ...(asked.granularity === undefined ? {} : { granularity: asked.granularity }),
    ...(asked.top === undefined ? {} : { top: asked.top }),
  };
  return asked.compare === undefined
    ? { question }
    : { question, compare: parseComparison(asked.compare, asks) };
}

/** Rows are always apart by currency, so asking for it adds nothing. */
function withoutCurrency(by: readonly Dimension[]): Dimension[] {
  return by.filter((dimension) => dimension.kind !== "column" || dimension.column !== "BillingCurrency");
}

async function windowOf(data: string, { from, to, period, now }: Asked): Promise<Window> {
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
  const start = Math.floor(Math.min(...periods.map(({ charges }) => charges.start)) / day) * day;
  const end = Math.ceil(Math.max(...periods.map(({ charges }) => charges.end)) / day) * day;
  return window(
    from === undefined ? start : instant(from),
    to === undefined ? Math.max(end, start + day) : instant(to),
  );
}
