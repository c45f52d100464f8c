import type { Answer } from "#flows/report/answer-report.ts";
import type { ResultTable } from "#flows/report/result-table.ts";
import { formatInstant } from "#units/instant.ts";
import { bold, dim } from "./colors.ts";
import { day, many } from "./format.ts";
import { heading, reportTable, soleCurrency } from "./report-table.ts";

/** A report for people: what was asked, the table with its totals, what is unknown, and on request how it was answered. */
export function reportText(answer: Answer, explain: boolean): string {
  const head = `${bold(headline(answer))}\n${answer.what === undefined ? "" : `${dim(answer.what)}\n`}`;
  const notes = [...unknownNotes(answer.table), ...emptyNotes(answer), ...answer.notes]
    .map((note) => `${dim(note)}\n`)
    .join("");
  const body = answer.table.rows.length === 0 ? emptyText(answer) : reportTable(answer);
  return `${head}\n${body}${notes === "" ? "" : `\n${notes}`}${explain ? explanationText(answer) : ""}`;
}

function headline({ title, window, compared, table, basis, granularity }: Answer): string {
  const span = ({ start, end }: { start: number; end: number }): string => `${day(start)} to ${day(end)}`;
  const currency = soleCurrency(table);
  return [
    title,
    ...(currency === undefined ? [] : [currency]),
    `${span(window)}${compared === undefined ? "" : ` compared with ${span(compared)}`}`,
    ...(granularity === undefined ? [] : [`by ${granularity}`]),
    ...(basis.time === "billing" ? ["by billing period"] : []),
    ...(basis.spread ? ["spread over time"] : []),
    ...(basis.role === "invoice" ? [] : [`role ${basis.role}`]),
  ].join(" · ");
}

function emptyText({ explanation: { covers }, basis: { role } }: Answer): string {
  const of = role === "invoice" ? "" : ` of the role ${role}`;
  return `No charge${of} of this period matches. The lake has charges from ${day(covers.start)} to ${day(covers.end)}; plimsoll doctor lists its sources and their roles.\n`;
}

/** Columns of a named report that no row fills are not shown, but said. */
function emptyNotes({ table: { columns, rows }, report }: Answer): string[] {
  if (report === "cost" || rows.length === 0) return [];
  const empty = columns.filter(
    ({ name, kind }) => kind === "text" && rows.every((row) => row[name] === null),
  );
  if (empty.length === 0) return [];
  return [`Left out, since no row has a value: ${empty.map(({ name }) => heading(name)).join(", ")}.`];
}

function unknownNotes({ unknown }: ResultTable): string[] {
  return Object.entries(unknown).map(
    ([name, charges]) => `${name} is unknown for ${many(charges, "charge")}: not in the sums, and not zero.`,
  );
}

function explanationText({ explanation }: Answer): string {
  const { version, table: name, files, rowsRead, sources, queries } = explanation;
  const read = sources.map(
    ({ source, role, billingPeriods, asOf }) =>
      `  ${source} (${role}), billing periods ${periodsText(billingPeriods)}, as of ${formatInstant(Math.floor(asOf / 1000) * 1000)}`,
  );
  const asked = queries.map(({ text, milliseconds }) => `${text}\n${dim(`-- ${milliseconds} ms`)}`);
  return `
${bold("How this was answered")}
Lake version ${version}, table ${name}, ${many(files, "file")}, ${many(rowsRead, "charge")} behind ${files === 1 ? "it" : "them"}.
${read.join("\n")}
Amounts as delivered: no price layer applies. Team, environment and the like are tags as delivered: no attribution rules apply.

${asked.join("\n\n")}
`;
}

const periodsText = (periods: readonly string[]): string =>
  periods.length > 2 ? `${periods[0]} to ${periods.at(-1)}` : periods.join(", ");
