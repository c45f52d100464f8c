import { roles } from "#facts/role.ts";
import { answerReport } from "#flows/report/answer-report.ts";
import type { Asked } from "#flows/report/exact-question.ts";
import { listColumns } from "#flows/report/list-columns.ts";
import { Problem } from "#units/problems.ts";
import { granularities } from "#units/window.ts";
import { csv } from "#cli/csv.ts";
import { choice, nameList, optionalText, positiveInteger, textList } from "#cli/options.ts";
import { reportJson } from "#cli/report-json.ts";
import { columnsText, namedReportsJson, namedReportsText } from "#cli/report-list.ts";
import { withOthersNamed } from "#cli/report-table.ts";
import { reportText } from "#cli/report-text.ts";

/** `plimsoll report`: one question, answered as a table, JSON or CSV. */
export async function reportCommand(name: string, options: Record<string, unknown>): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  process.stdout.write(await written(name, options, is));
}

async function written(
  name: string,
  options: Record<string, unknown>,
  is: (option: string) => boolean,
): Promise<string> {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  if (is("list")) return is("json") ? json({ reports: namedReportsJson() }) : namedReportsText();
  if (is("columns")) return is("json") ? json({ columns: listColumns() }) : columnsText();
  const answer = await answerReport(String(options["data"]), name, askedOf(options));
  if (is("json")) return json(reportJson(answer, is("explain")));
  if (!is("csv")) return reportText(answer, is("explain"));
  const { columns, rows, others } = answer.table;
  return csv(
    columns.map((column) => column.name),
    [...rows, ...others.map((row) => withOthersNamed(row, answer.table))],
  );
}

function askedOf(options: Record<string, unknown>): Asked {
  const text = (option: string): string | undefined => optionalText(options[option]);
  const given = <T>(key: string, value: T | undefined): Record<string, T> =>
    value === undefined ? {} : { [key]: value };
  const oneOf = <T extends string>(option: string, allowed: readonly T[]): T | undefined =>
    options[option] === undefined ? undefined : choice(`--${option}`, options[option], allowed);
  const top = text("top");
  return {
    now: Date.now(),
    measures: nameList(options["measure"]),
    by: nameList(options["by"]),
    where: textList(options["where"]),
    without: nameList(options["without"]),
    ...given("from", text("from")),
    ...given("to", text("to")),
    ...given("period", text("period")),
    ...given("compare", text("compare")),
    ...given("granularity", oneOf("granularity", granularities)),
    ...given("basis", oneOf("basis", ["cash", "accrual"])),
    ...given("time", oneOf("time", ["charge", "billing"])),
    ...given("spread", typeof options["spread"] === "boolean" ? options["spread"] : undefined),
    ...given("top", top === undefined ? undefined : positiveInteger("--top", top)),
    role: choice("--role", options["role"], roles),
  };
}
