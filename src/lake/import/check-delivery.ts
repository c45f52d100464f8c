import { type FocusColumn, requiredColumns } from "#facts/focus-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import { Problem, type ProblemCode, type ProblemReport } from "#units/problems.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { losesDigits, parsePlain, parseTime } from "#lake/parse-sql.ts";
import { chargesSql, type Declared, type Group, plainColumn, plainSql } from "./delivery-sql.ts";
import { lineOfRecord } from "./line-of-record.ts";

/** What is wrong with a cell that meets a forbidden condition. */
interface Fault {
  readonly code: ProblemCode;
  readonly what: string;
}

/** A condition that no row may meet. */
interface Forbidden {
  readonly column: string;
  readonly condition: string;
  readonly explain: (value: string | undefined) => Fault;
}

/**
 * Looks at every cell that must be an amount or a time and at every cell that may not be empty.
 * @returns the number of amounts whose digits beyond the 18th decimal are rounded away
 * @throws Problem with the first offending file, line, column and value, the others beside it; nothing was changed
 */
export async function checkDelivery(db: Duckdb, group: Group, declared: Declared): Promise<number> {
  refuseMissingColumns(group, declared);
  const cells = [...cellRules(group, declared), ...requiredRules(group, declared)];
  refuse(await offences(db, group, plainSql(group), cells));
  // Only the finished charges tell whether a period ends before it starts, or an expression came out empty.
  refuse(await offences(db, group, chargesSql(group, declared), chargeRules));
  return roundedCells(db, group);
}

function refuse(reports: ProblemReport[]): void {
  const [first, ...others] = reports.sort((a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0));
  if (first !== undefined) throw new Problem(first.code, first.message, { at: first.at ?? {}, others });
}

function refuseMissingColumns({ mapping, files }: Group, declared: Declared): void {
  const mapped = new Set(mapping.charges.flatMap(({ columns }) => Object.keys(columns)));
  const missing = requiredColumns.filter(
    (column) => !mapped.has(column) && declared.values[column] === undefined,
  );
  const [first, ...more] = missing;
  if (first === undefined) return;
  const file = files[0]?.input.name ?? "";
  const what =
    more.length === 0 ? `the column ${first} is missing` : `the columns ${missing.join(", ")} are missing`;
  throw new Problem("column-missing", `${file}: ${what}.`, { at: { file, line: 1, column: first } });
}

const filled = (column: string): string => `${quoted(column)} is not null and ${quoted(column)} <> ''`;

function cellRules({ mapping }: Group, declared: Declared): Forbidden[] {
  const amounts = mapping.amounts.map((column) => ({
    column,
    condition: `${filled(column)} and ${parsePlain(plainColumn(column))} is null`,
    explain: (value: string | undefined): Fault =>
      value !== undefined && /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(value)
        ? { code: "amount-out-of-range", what: "needs more than 20 digits before the point" }
        : { code: "amount-invalid", what: "is not a decimal" },
  }));
  const times = Object.entries(mapping.times).map(([column, style]) => ({
    column,
    condition: `${filled(column)} and ${parseTime(quoted(column), style, declared.zone)} is null`,
    explain: (value: string | undefined): Fault =>
      value !== undefined && /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(value)
        ? { code: "time-without-zone", what: "is a time without a zone" }
        : { code: "time-invalid", what: "is not a time" },
  }));
  return [...amounts, ...times];
}

const emptyFault = (column: string): Fault => {
  if (column.includes("Cost")) return { code: "amount-missing", what: "is empty" };
  return { code: column.includes("Currency") ? "currency-invalid" : "time-missing", what: "is empty" };
};

/** Cells that may not be empty, unless the person stated a value for all rows. */
function requiredRules({ mapping }: Group, declared: Declared): Forbidden[] {
  return mapping.required
    .filter((column) => !(column in declared.values))
    .map((column) => ({ column, condition: `not (${filled(column)})`, explain: () => emptyFault(column) }));
}

const chargeRules: Forbidden[] = [
  rule("ChargePeriodEnd", `"ChargePeriodEnd" < "ChargePeriodStart"`, "period-invalid", "is before its start"),
  rule(
    "BillingPeriodEnd",
    `"BillingPeriodEnd" <= "BillingPeriodStart"`,
    "period-invalid",
    "is not after its start",
  ),
  rule(
    "BillingCurrency",
    `not regexp_full_match("BillingCurrency", '[A-Z]{3}')`,
    "currency-invalid",
    "is not an ISO 4217 code",
  ),
  ...requiredColumns.map((column) => {
    const { code, what } = emptyFault(column);
    return rule(column, `${quoted(column)} is null`, code, what);
  }),
];

function rule(column: FocusColumn, condition: string, code: ProblemCode, what: string): Forbidden {
  return { column, condition, explain: () => ({ code, what }) };
}

/** The first row that meets each condition, told with its file, line and value. */
async function offences(
  db: Duckdb,
  group: Group,
  relation: string,
  rules: readonly Forbidden[],
): Promise<ProblemReport[]> {
  // File and row as one number, so that the smallest is the first.
  const order = "(x_File::bigint * 1000000000000 + x_Row)";
  const firsts = rules.map(
    ({ condition }, index) => `min(${order}) filter (where ${condition}) as r${index}`,
  );
  const [row = {}] = await db.run(`select ${firsts.join(", ")} from (${relation})`);
  const reports: ProblemReport[] = [];
  for (const [index, forbidden] of rules.entries()) {
    const found = row[`r${index}`];
    if (found === null || found === undefined) continue;
    const file = Math.floor(Number(found) / 1e12);
    reports.push(await report(db, group, relation, forbidden, file, Number(found) % 1e12));
  }
  return reports;
}

async function report(
  db: Duckdb,
  group: Group,
  relation: string,
  { column, condition, explain }: Forbidden,
  fileNumber: number,
  record: number,
): Promise<ProblemReport> {
  const where = `x_File = ${fileNumber} and x_Row = ${record} and (${condition})`;
  const [cell] = await db.run(
    `select ${quoted(column)}::varchar as value from (${relation}) where ${where} limit 1`,
  );
  const value = typeof cell?.["value"] === "string" ? cell["value"] : undefined;
  const input = group.files.find((staged) => staged.input.number === fileNumber)?.input;
  const file = input?.name ?? "";
  const line = input?.layout === "csv" ? await lineOfRecord(input.path, record) : record;
  const { code, what } = explain(value);
  const shown = value === undefined ? "" : ` "${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  return {
    code,
    message: `${file}, ${input?.layout === "parquet" ? "row" : "line"} ${line}, column ${column}:${shown} ${what}.`,
    at: { file, line, column, ...(value === undefined ? {} : { value: value.slice(0, 200) }) },
  };
}

async function roundedCells(db: Duckdb, group: Group): Promise<number> {
  const { amounts } = group.mapping;
  if (amounts.length === 0) return 0;
  const counts = amounts.map((name) => `count_if(${losesDigits(plainColumn(name))})`);
  const [row] = await db.run(`select ${counts.join(" + ")} as rounded from (${plainSql(group)})`);
  return Number(row?.["rounded"] ?? 0);
}
