import { type ResultTable, resultTable } from "#flows/report/result-table.ts";
import { type Asked, exactQuestion } from "#flows/report/ask.ts";
import { type CostReport, reportCost } from "#flows/report/report-cost.ts";
import { listColumns } from "#flows/report/list-columns.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { granularities } from "#units/window.ts";
import { bold, dim } from "#cli/colors.ts";
import { csv } from "#cli/csv.ts";
import { amount, count, percent } from "#cli/format.ts";
import { choice, nameList, optionalText, positiveInteger, textList } from "#cli/options.ts";
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
    process.stdout.write(`${JSON.stringify(json(report, result, options["explain"] === true), null, 2)}\n`);
  else if (options["csv"] === true)
    process.stdout.write(
      csv(
        result.columns.map((column) => column.name),
        [...result.rows, ...result.others.map(named)],
      ),
    );
  else process.stdout.write(human(report, result, options["explain"] === true));
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

const OTHERS = "(others)";

/** The row of the groups beyond the top, named in its first key. */
function named(row: ResultTable["rows"][number]): ResultTable["rows"][number] {
  const key = Object.keys(row).find((column) => column !== "Period" && column !== "BillingCurrency");
  return key === undefined ? row : { ...row, [key]: OTHERS };
}

function json(
  { question, compared, explanation }: CostReport,
  result: ResultTable,
  explain: boolean,
): Record<string, unknown> {
  return {
    rows: result.rows,
    ...(result.others.length === 0 ? {} : { others: result.others }),
    totals: result.totals,
    measures: question.measures,
    from: formatInstant(question.window.start),
    to: formatInstant(question.window.end),
    ...(compared === undefined
      ? {}
      : { compared: { from: formatInstant(compared.window.start), to: formatInstant(compared.window.end) } }),
    time: question.time,
    spread: question.spread,
    role: question.role,
    lakeVersion: explanation.version,
    ...(explain ? { explain: explanation } : {}),
  };
}

function human(report: CostReport, result: ResultTable, explain: boolean): string {
  const { question, compared, explanation } = report;
  const window = (w: { start: number; end: number }): string =>
    `${shortTime(w.start)} to ${shortTime(w.end)}`;
  const head = `${question.measures.join(", ")} · ${window(question.window)}${compared === undefined ? "" : ` compared with ${window(compared.window)}`}`;
  const columns = result.columns;
  const cell = (row: ResultTable["rows"][number], { name, kind }: ResultTable["columns"][number]): string => {
    const value = row[name];
    if (value === null || value === undefined)
      return kind === "text" ? "(none)" : kind === "ratio" ? "new" : "unknown";
    if (kind === "decimal") return amount(decimal(String(value)));
    if (kind === "ratio") return percent(Number(value));
    if (kind === "count") return count(Number(value));
    return kind === "time" ? shortTime(Date.parse(String(value))) : String(value);
  };
  const lines = result.rows.map((row) => columns.map((column) => cell(row, column)));
  const others = result.others.map((row) =>
    columns.map((column, index) =>
      column.kind === "text" &&
      index === columns.findIndex(({ kind }) => kind === "text") &&
      question.by.length > 0
        ? OTHERS
        : column.kind === "text" && row[column.name] === null
          ? ""
          : cell(row, column),
    ),
  );
  const totals =
    question.by.length === 0 && question.granularity === undefined ? [] : totalLines(report, result, cell);
  const right = columns.map(({ kind }) => kind !== "text" && kind !== "time");
  const body =
    lines.length === 0
      ? "No charges in this period match.\n"
      : table(
          columns.map(({ name }) => name),
          [...lines, ...others, ...totals],
          right,
        );
  return `${bold(head)}\n\n${body}${unknownNote(report)}${explain ? explanationText(explanation) : ""}`;
}

/** One total line per currency: over buckets too, since that is what the table adds up to. */
function totalLines(
  report: CostReport,
  result: ResultTable,
  cell: (row: ResultTable["rows"][number], column: ResultTable["columns"][number]) => string,
): string[][] {
  if (report.question.granularity !== undefined) return [];
  return result.totals.map((row) =>
    result.columns.map((column, index) =>
      bold(
        index === 0
          ? "Total"
          : column.kind === "text" && column.name !== "BillingCurrency"
            ? ""
            : cell(row, column),
      ),
    ),
  );
}

function unknownNote({ question, totals }: CostReport): string {
  const notes = question.measures.flatMap((measure, index) => {
    const money = measure.endsWith("Cost");
    const unknown = totals.reduce((sum, row) => sum + row.charges - (row.known[index] ?? 0), 0);
    return money && unknown > 0
      ? [`${measure} is unknown for ${count(unknown)} charges; they are not in the sums.`]
      : [];
  });
  return notes.length === 0 ? "" : `${dim(notes.join("\n"))}\n`;
}

function explanationText({
  version,
  table: name,
  files,
  rowsRead,
  queries,
}: CostReport["explanation"]): string {
  const asked = queries.map(
    ({ text, values, milliseconds }) => `${text}\n  values: ${values.join(", ")}\n  ${milliseconds} ms`,
  );
  return `\n${bold("How this was answered")}\nLake version ${version}, table ${name}, ${count(files)} files, ${count(rowsRead)} charges behind them.\nAmounts as delivered; no price layer applies. Team, environment and the like are the tags as delivered (no attribution rules).\n\n${asked.join("\n\n")}\n`;
}

const shortTime = (time: number): string => formatInstant(time).replace("T00:00:00Z", "");
