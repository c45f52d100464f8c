import { type CostQuestion, dimensionName } from "#facts/cost-question.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity, Window } from "#units/window.ts";
import { type Asked, exactQuestion } from "./exact-question.ts";
import type { Explanation } from "./ask-lake.ts";
import { costTable } from "./cost-table.ts";
import { reportNamed } from "./named/report-named.ts";
import { findNamedReport } from "./named/named-reports.ts";
import { reportCost } from "./report-cost.ts";
import type { ResultTable } from "./result-table.ts";
import { unmatchedNotes } from "./unmatched-notes.ts";

/** An answered report, as every view gets it. */
export interface Answer {
  /** `cost` or the name of a named report. */
  readonly report: string;
  readonly title: string;
  /** What a named report answers, in a sentence. */
  readonly what?: string;
  readonly table: ResultTable;
  readonly window: Window;
  readonly compared?: Window;
  readonly granularity?: Granularity;
  readonly basis: Pick<CostQuestion, "time" | "spread" | "role">;
  /** What a reader should know before trusting a sum. */
  readonly notes: readonly string[];
  readonly explanation: Explanation;
}

/**
 * Answers `cost` or a named report.
 * @throws Problem "report-unknown", "option-invalid", "column-unknown", "measure-unknown", "filter-invalid", "window-invalid", "lake-empty"
 */
export async function answerReport(data: string, name: string, asked: Asked): Promise<Answer> {
  if (name !== "cost") return answerNamed(data, name, asked);
  const exact = await exactQuestion(data, asked);
  const { question } = exact;
  const report = await reportCost(data, exact);
  return {
    report: name,
    title: question.measures.join(", "),
    table: costTable(report),
    window: question.window,
    ...(exact.compare === undefined ? {} : { compared: exact.compare }),
    ...(question.granularity === undefined ? {} : { granularity: question.granularity }),
    basis: { time: question.time, spread: question.spread, role: question.role },
    notes: [
      ...twiceNote(question),
      ...uncoveredNote(exact.compare, report.explanation),
      ...(report.rows.length === 0 ? await unmatchedNotes(data, question) : []),
    ],
    explanation: report.explanation,
  };
}

async function answerNamed(data: string, name: string, asked: Asked): Promise<Answer> {
  const report = findNamedReport(name);
  refuse(name, asked);
  const { question, table, explanation } = await reportNamed(data, name, asked);
  const granularity = question.granularity ?? report.period;
  return {
    report: name,
    title: report.title,
    what: report.what,
    table,
    window: question.window,
    ...(granularity === undefined ? {} : { granularity }),
    basis: { time: report.time, spread: false, role: question.role },
    notes: table.rows.length === 0 ? await unmatchedNotes(data, question) : [],
    explanation,
  };
}

/** What makes a named report the report it is can't be asked for otherwise. */
function refuse(name: string, asked: Asked): void {
  const own = {
    "--measure": (asked.measures ?? []).length > 0,
    "--by": (asked.by ?? []).length > 0,
    "--compare": asked.compare !== undefined,
    "--basis": asked.basis !== undefined,
    "--time": asked.time !== undefined,
    "--spread": asked.spread !== undefined,
  };
  const given = Object.entries(own).flatMap(([option, is]) => (is ? [option] : []));
  if (given.length === 0) return;
  throw new Problem(
    "option-invalid",
    `The report ${name} does not take ${given.join(", ")}: its measures, groups and time are its own.`,
    {
      hint: "It takes --from, --to, --period, --where, --without, --granularity, --top and --role; plimsoll report cost takes all.",
    },
  );
}

function twiceNote({ measures, where, by }: CostQuestion): string[] {
  const categorised = [...where.map(({ dimension }) => dimension), ...by].some(
    (dimension) => dimensionName(dimension) === "ChargeCategory",
  );
  const twice = measures.filter((measure) => measure === "ListCost" || measure === "ContractedCost");
  if (categorised || twice.length === 0) return [];
  return [
    `${twice.join(" and ")} of a commitment's purchase and of the usage it covers are the same money; --where ChargeCategory=Usage counts it once.`,
  ];
}

/** Nothing is known of a time before the first bill: no change, though it looks like one. */
function uncoveredNote(compared: Window | undefined, { covers }: Explanation): string[] {
  if (compared === undefined || compared.start >= covers.start) return [];
  return [`The lake's charges begin at ${formatInstant(covers.start)}; what was before is not known.`];
}
