import { resultTable } from "#flows/report/result-table.ts";
import { type Asked, exactQuestion } from "#flows/report/ask.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { listColumns } from "#flows/report/list-columns.ts";
import { Problem } from "#units/problems.ts";
import { granularities } from "#units/window.ts";
import { csv } from "#cli/csv.ts";
import { choice, nameList, optionalText, positiveInteger, textList } from "#cli/options.ts";
import { reportJson } from "#cli/report-json.ts";
import { reportText, withOthersNamed } from "#cli/report-text.ts";
import { table } from "#cli/table.ts";

/** `plimsoll report`: one question, answered as a table, JSON or CSV. */
export async function reportCommand(name: string, options: Record<string, unknown>): Promise<void> {
  if (options["columns"] === true) {
    process.stdout.write(
      table(
        ["Name", "Kind", "What"],
        listColumns().map((column) => [column.name, column.kind, column.what]),
      ),
    );
    return;
  }
  if (name !== "cost") throw new Problem("report-unknown", `There is no report "${name}".`);
  const data = String(options["data"]);
  const { question, compare } = await exactQuestion(data, askedOf(options));
  const report = await reportCost(data, question, compare);
  const result = resultTable(report);
  if (options["json"] === true)
    process.stdout.write(
      `${JSON.stringify(reportJson(report, result, options["explain"] === true), null, 2)}\n`,
    );
  else if (options["csv"] === true)
    process.stdout.write(
      csv(
        result.columns.map((column) => column.name),
        [...result.rows, ...result.others.map((row) => withOthersNamed(row, result))],
      ),
    );
  else process.stdout.write(reportText(report, result, options["explain"] === true));
}

function askedOf(options: Record<string, unknown>): Asked {
  const text = (option: string): string | undefined => optionalText(options[option]);
  const given = <T>(key: string, value: T | undefined): Record<string, T> =>
    value === undefined ? {} : { [key]: value };
  const top = text("top");
  return {
    now: Date.now(),
    measures: nameList(options["measure"]),
    by: nameList(options["by"]),
    where: textList(options["where"]),
    ...given("from", text("from")),
    ...given("to", text("to")),
    ...given("period", text("period")),
    ...given("compare", text("compare")),
    ...given(
      "granularity",
      options["granularity"] === undefined
        ? undefined
        : choice("--granularity", options["granularity"], granularities),
    ),
    ...given(
      "basis",
      options["basis"] === undefined ? undefined : choice("--basis", options["basis"], ["cash", "accrual"]),
    ),
    ...given(
      "time",
      options["time"] === undefined ? undefined : choice("--time", options["time"], ["charge", "billing"]),
    ),
    ...given("spread", options["spread"] === true ? true : undefined),
    ...given("top", top === undefined ? undefined : positiveInteger("--top", top)),
    role: choice("--role", options["role"], ["invoice", "allocation", "estimate"]),
  };
}
