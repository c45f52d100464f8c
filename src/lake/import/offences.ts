import { quoted } from "#facts/source-mapping.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import { type ProblemCode } from "#units/problem-codes.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import type { Group } from "./delivery-sql.ts";
import { lineOfRecord } from "./line-of-record.ts";

/** What is wrong with a cell that meets a forbidden condition. */
export interface Fault {
  readonly code: ProblemCode;
  readonly what: string;
  /** What to do about it, where the code's own hint is not enough. */
  readonly hint?: string;
}

/** A condition that no row may meet. */
export interface Forbidden {
  readonly column: string;
  readonly condition: string;
  /** SQL of the cell as it is told; the cell's own text if absent. */
  readonly shown?: string;
  /** SQL of another text of the row that the explanation needs. */
  readonly beside?: string;
  readonly explain: (value: string | undefined, beside?: string) => Fault;
}

/** File and row as one number, so that the smallest is the first. */
export const place = "(x_File::bigint * 1000000000000 + x_Row)";

/** Columns of an aggregation that find the first row which meets each condition. */
export const firstOffences = (rules: readonly Forbidden[]): string[] =>
  rules.map(({ condition }, index) => `min(${place}) filter (where ${condition}) as r${index}`);

/**
 * @param rows of an aggregation with `firstOffences`
 * @param relation that was aggregated
 * @throws Problem with the first offending file, line, column and value, the others beside it
 */
export async function refuseOffences(
  db: Duckdb,
  group: Group,
  relation: string,
  rules: readonly Forbidden[],
  rows: readonly Row[],
): Promise<void> {
  const reports: ProblemReport[] = [];
  for (const [index, forbidden] of rules.entries()) {
    const places = rows
      .map((row) => row[`r${index}`])
      .filter((found) => found !== null && found !== undefined);
    if (places.length === 0) continue;
    const found = Math.min(...places.map(Number));
    reports.push(await report(db, group, relation, forbidden, Math.floor(found / 1e12), found % 1e12));
  }
  const [first, ...others] = reports.sort((a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0));
  if (first === undefined) return;
  const { code, message, at = {}, hint } = first;
  throw new Problem(code, message, { at, others, ...(hint === undefined ? {} : { hint }) });
}

async function report(
  db: Duckdb,
  group: Group,
  relation: string,
  { column, condition, shown: text = `${quoted(column)}::varchar`, beside = "null", explain }: Forbidden,
  fileNumber: number,
  record: number,
): Promise<ProblemReport> {
  const where = `x_File = ${fileNumber} and x_Row = ${record} and (${condition})`;
  const [cell] = await db.run(
    `select ${text} as value, ${beside} as beside from (${relation}) where ${where} limit 1`,
  );
  const told = (name: string): string | undefined =>
    typeof cell?.[name] === "string" ? cell[name] : undefined;
  const value = told("value");
  const input = group.files.find((staged) => staged.input.number === fileNumber)?.input;
  const file = input?.name ?? "";
  const line = input === undefined ? undefined : await lineOfRecord(input.path, input.layout, record);
  const { code, what, hint } = explain(value, told("beside"));
  const shown = value === undefined ? "" : ` "${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  return {
    code,
    message: `${file}, ${line === undefined ? `row ${record}` : `line ${line}`}, column ${column}:${shown} ${what}.`,
    at: {
      file,
      line: line ?? record,
      column,
      ...(value === undefined ? {} : { value: value.slice(0, 200) }),
    },
    ...(hint === undefined ? {} : { hint }),
  };
}
