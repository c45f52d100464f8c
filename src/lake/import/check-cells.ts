import { costColumns, requiredColumns } from "#facts/focus-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { losesDigits, parsePlain, parseTime, textUnits } from "#lake/parse-sql.ts";
import {
  amountColumns,
  type Declared,
  type Group,
  parsedSql,
  plainColumn,
  plainSql,
  spellingsOf,
} from "./delivery-sql.ts";
import { type DisputedAmounts, disputedAmounts, disputeSums } from "./disputed-amounts.ts";
import { remarkedRows } from "./remarked-rows.ts";
import { type Fault, firstOffences, type Forbidden, refuseOffences } from "./offences.ts";

/** What one look at every delivered cell tells. */
export interface CheckedCells {
  /** Amounts whose digits beyond the 18th decimal are rounded away. */
  readonly roundedAmounts: number;
  /** Sum of each cost column's text in units of the 18th decimal, taken by a way of its own; no entry for a column without text. */
  readonly textSums: Readonly<Record<string, bigint>>;
  /** Rows that are booked and yet to be told of, such as amounts that are delivered under two names and not alike. */
  readonly disputed: readonly DisputedAmounts[];
}

/**
 * Looks at every cell that must be an amount or a time and at every cell that may not be empty, and adds the text up.
 * @throws Problem with the first offending file, line, column and value, the others beside it; nothing was changed
 */
export async function checkCells(db: Duckdb, group: Group, declared: Declared): Promise<CheckedCells> {
  refuseMissingColumns(group, declared);
  const rules = [...cellRules(group, declared), ...requiredRules(group, declared)];
  const { amounts } = group.mapping;
  // Of a column without any text the engine counts null, which would make null of the sum.
  const rounded = amountColumns(group.mapping).map(
    (name) => `coalesce(count_if(${losesDigits(plainColumn(name))}), 0)`,
  );
  const costs = amounts.filter((name) => isCost(group, name));
  const sums = costs.map((name, index) => `sum(${unitsSql(group, name, declared)})::varchar as t${index}`);
  const relation = plainSql(group);
  const list = [
    ...firstOffences(rules),
    `${["0", ...rounded].join(" + ")} as rounded`,
    ...sums,
    ...disputeSums(group),
  ];
  const rows = await db.run(`select ${list.join(", ")} from (${relation})`);
  await refuseOffences(db, group, relation, rules, rows);
  await refuseRows(db, group, declared);
  const [row = {}] = rows;
  const added = costs.flatMap((name, index): [string, bigint][] => {
    const text = row[`t${index}`];
    return typeof text === "string" ? [[name, BigInt(text)]] : [];
  });
  return {
    roundedAmounts: Number(row["rounded"] ?? 0),
    textSums: Object.fromEntries(added),
    disputed: [
      ...(await disputedAmounts(db, group, relation, row)),
      ...(await remarkedRows(db, group, declared)),
    ],
  };
}

/** Rows that the format itself can't book; only sound cells can be asked about. */
async function refuseRows(db: Duckdb, group: Group, declared: Declared): Promise<void> {
  const rules = (group.mapping.refusals ?? []).map(({ column, condition, code, what, hint }) => ({
    column,
    condition,
    explain: () => ({ code, what, hint }),
  }));
  if (rules.length === 0) return;
  const relation = parsedSql(group, declared);
  const rows = await db.run(`select ${firstOffences(rules).join(", ")} from (${relation})`);
  await refuseOffences(db, group, relation, rules, rows);
}

/**
 * An amount's text in units: of the first of its spellings whose cell is filled, else of the value that is stated for it. The cells
 * decide, not what was parsed of them, so that the sum stays a control of its own.
 */
function unitsSql({ mapping }: Group, name: string, { values }: Declared): string {
  const spelled = spellingsOf(mapping, name);
  const column = costColumns.find((cost) =>
    mapping.charges.some(({ columns }) => columns[cost] === quoted(name)),
  );
  const stated = column === undefined ? undefined : values[column];
  const units = (each: string): string => textUnits(plainColumn(each));
  if (spelled.length === 1 && stated === undefined) return units(name);
  const cases = spelled.map((each) => `when ${filled(each)} then ${units(each)}`);
  return `case ${cases.join(" ")} else ${stated === undefined ? "null" : decimal(stated)}::hugeint end`;
}

/** Whether a delivered column is carried over as one of the four costs. */
const isCost = ({ mapping }: Group, name: string): boolean =>
  mapping.charges.some(({ columns }) => costColumns.some((column) => columns[column] === quoted(name)));

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
  throw new Problem("column-missing", `${file}, line 1: ${what}.`, { at: { file, line: 1, column: first } });
}

const filled = (column: string): string => `${quoted(column)} is not null and ${quoted(column)} <> ''`;

function cellRules({ mapping }: Group, declared: Declared): Forbidden[] {
  const amounts = amountColumns(mapping).map((column) => ({
    column,
    condition: `${filled(column)} and ${parsePlain(plainColumn(column))} is null`,
    explain: amountFault,
  }));
  const times = Object.entries(mapping.times)
    .flatMap(([name, style]) => spellingsOf(mapping, name).map((column) => [column, style] as const))
    .map(([column, style]) => ({
      column,
      condition: `${filled(column)} and ${parseTime(quoted(column), style, declared.zone)} is null`,
      explain: (value: string | undefined) =>
        timeFault(value, declared.zone ?? (style === "utc" ? "UTC" : undefined)),
    }));
  return [...amounts, ...times];
}

/** Why a text is no amount. */
export const amountFault = (value: string | undefined): Fault =>
  value !== undefined && /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(value)
    ? { code: "amount-out-of-range", what: "needs more than 20 digits before the point" }
    : { code: "amount-invalid", what: "is not a decimal" };

/**
 * Why a text is no time.
 * @param zone of times that carry none, if there is one
 */
export function timeFault(value: string | undefined, zone: string | undefined): Fault {
  const [, date] =
    /^(\d{4}-\d{2}-\d{2})([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?$/.exec(value ?? "") ?? [];
  if (date === undefined || !isDate(date)) return { code: "time-invalid", what: "is not a time" };
  return zone === undefined
    ? { code: "time-without-zone", what: "is a time without a zone" }
    : {
        code: "time-skipped",
        what: `does not occur in ${zone}, where the clocks were put forward over it`,
      };
}

/** February has no 30th, though a Date would take it for one of March. */
function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** What it means that a cell is empty, by what the column holds. */
export const emptyFault = (holds: "amount" | "time" | "currency"): Fault => ({
  code: holds === "amount" ? "amount-missing" : holds === "time" ? "time-missing" : "currency-invalid",
  what: "is empty",
});

/** Cells that may not be empty, unless the person stated a value for all rows. */
function requiredRules({ mapping }: Group, declared: Declared): Forbidden[] {
  const { amounts, times, required } = mapping;
  return required
    .filter((column) => !(column in declared.values))
    .map((column) => {
      const holds = amounts.includes(column) ? "amount" : column in times ? "time" : "currency";
      const condition = spellingsOf(mapping, column)
        .map((each) => `not (${filled(each)})`)
        .join(" and ");
      return { column, condition, explain: () => emptyFault(holds) };
    });
}
