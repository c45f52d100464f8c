import {
  type ChargeColumn,
  chargeColumnType,
  type MappedColumn,
  statedColumnNames,
} from "#facts/charge-columns.ts";
import { type FocusColumn, focusColumnNames, focusColumns, isFocusColumn } from "#facts/focus-columns.ts";
import { literal, quoted, type SourceMapping } from "#facts/source-mapping.ts";
import { parsePlain, parseTime, plainText } from "#lake/parse-sql.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { StagedFile } from "./staged-file.ts";

/** Staged files of one header, and how they are read. */
export interface Group {
  readonly mapping: SourceMapping;
  readonly files: readonly StagedFile[];
  /** Parquet file with what the mapping's `rows` gives, once it is made: the later steps would each make it again. */
  readonly madeRows?: string;
}

/** What a person states for a whole delivery. */
export interface Declared {
  /** FOCUS column to the value it has in every row where the delivery has none. */
  readonly values: Partial<Record<FocusColumn, string>>;
  /** Zone of times that carry none. */
  readonly zone?: string;
}

/** The delivered cells as text, with x_File and x_Row. */
export function deliveredSql({ mapping, files, madeRows }: Group): string {
  if (madeRows !== undefined)
    return `select * from read_parquet(${literal(madeRows)}, hive_partitioning = false)`;
  const paths = files.map(({ path }) => literal(path)).join(", ");
  const staged = `select * exclude (file_row_number), file_row_number + 1 as x_Row from read_parquet([${paths}], file_row_number = true, hive_partitioning = false)`;
  return mapping.rows === undefined ? staged : `with delivered as (${staged}) ${mapping.rows}`;
}

/** The column that holds an amount's plain text beside the cell as delivered. */
export const plainColumn = (amount: string): string => quoted(`plain:${amount}`);

/** A delivered column and the other spellings of it that are delivered, in the order in which they count. */
export const spellingsOf = ({ spellings }: SourceMapping, column: string): string[] => [
  column,
  ...(spellings?.[column] ?? []),
];

/** Every delivered column that holds amounts, under whichever spelling. */
export const amountColumns = (mapping: SourceMapping): string[] => [
  ...new Set(mapping.amounts.flatMap((column) => spellingsOf(mapping, column))),
];

/** The delivered cells and, for every amount, its plain text. */
export function plainSql(group: Group): string {
  const plains = amountColumns(group.mapping).map(
    (name) => `${plainText(quoted(name))} as ${plainColumn(name)}`,
  );
  return `select ${["*", ...plains].join(", ")} from (${deliveredSql(group)})`;
}

/**
 * The delivered rows with amounts as DECIMAL(38,18), times as TIMESTAMP and empty cells as null. A column of several spellings has the
 * first that is filled; the others stay beside it as they were delivered.
 */
export function parsedSql(group: Group, declared: Declared): string {
  const { mapping } = group;
  const { amounts, times, spellings = {} } = mapping;
  const firstFilled = (name: string, parsed: (name: string) => string): string => {
    const each = spellingsOf(mapping, name).map(parsed);
    return `${each.length === 1 ? each.join() : `coalesce(${each.join(", ")})`} as ${quoted(name)}`;
  };
  const texts = Object.keys(spellings).filter((name) => !amounts.includes(name) && !(name in times));
  const replaced = [
    ...amounts.map((name) => firstFilled(name, (each) => parsePlain(plainColumn(each)))),
    ...Object.entries(times).map(([name, style]) =>
      firstFilled(name, (each) => parseTime(quoted(each), style, declared.zone)),
    ),
    ...texts.map((name) =>
      firstFilled(name, (each) => `case when trim(${quoted(each)}) <> '' then ${quoted(each)} end`),
    ),
  ];
  const plains = amountColumns(mapping).map(plainColumn);
  const exclude = plains.length === 0 ? "" : ` exclude (${plains.join(", ")})`;
  const replace = replaced.length === 0 ? "" : ` replace (${replaced.join(", ")})`;
  return `select *${exclude}${replace} from (${plainSql(group)})`;
}

/** The charges of a group: every FOCUS column and every one of ours that a source states in its type, x_File, x_Row, x_Format and x_Extra. */
export function chargesSql(group: Group, declared: Declared): string {
  const { mapping } = group;
  const selections = mapping.charges.map(({ where, columns }) => {
    const list = [...focusColumnNames, ...statedColumnNames].map(
      (column) => `${typed(column, expression(column, columns, declared))} as ${quoted(column)}`,
    );
    return `select ${list.join(", ")}, x_File, x_Row, ${literal(`${mapping.format} ${mapping.version}`)} as x_Format,
      ${columns.x_Extra ?? extraSql(mapping.extra)} as x_Extra from parsed${where === undefined ? "" : ` where ${where}`}`;
  });
  // Where a row becomes many charges, the engine would plan and parse its cells once for each.
  const once = selections.length > 4 ? "materialized " : "";
  return `with parsed as ${once}(${parsedSql(group, declared)}) ${selections.join(" union all ")}`;
}

/** The charges of all groups. */
export function allChargesSql(groups: readonly Group[], declared: Declared): string {
  return groups.map((group) => `(${chargesSql(group, declared)})`).join(" union all ");
}

function expression(
  column: MappedColumn,
  columns: Partial<Record<MappedColumn, string>>,
  declared: Declared,
): string | undefined {
  const mapped = columns[column];
  if (!isFocusColumn(column)) return mapped;
  const value = declared.values[column];
  if (value === undefined) return mapped;
  const stated = statedSql(column, value, declared);
  return mapped === undefined ? stated : `coalesce(${mapped}, ${stated})`;
}

/**
 * A stated value, read as strictly as a delivered cell; null if it is no time of the column.
 * @throws Problem "not-a-number", "amount-out-of-range"
 */
export function statedSql(column: FocusColumn, value: string, { zone }: Declared): string {
  switch (focusColumns[column].type) {
    case "decimal":
      // Parsed here: the expression for cells, with a text of its own in every place, takes the engine seconds to plan.
      return `${literal(formatDecimal(decimal(value)))}::decimal(38,18)`;
    case "time":
      return parseTime(literal(value), "iso", zone);
    default:
      return literal(value);
  }
}

/** The SQL type of a stored column. */
export function sqlType(column: ChargeColumn): string {
  switch (chargeColumnType(column)) {
    case "decimal":
      return "decimal(38,18)";
    case "time":
      return "timestamp";
    case "integer":
      return "bigint";
    case "map":
      return "map(varchar, varchar)";
    default:
      return "varchar";
  }
}

function typed(column: MappedColumn, sql: string | undefined): string {
  const type = sqlType(column);
  if (sql === undefined) return `null::${type}`;
  // Empty text is an absent value: FOCUS has no empty strings.
  return type === "varchar" ? `nullif((${sql})::varchar, '')` : `(${sql})::${type}`;
}

/** The columns without a place as one JSON object; a delivered x_Extra, as Plimsoll writes it itself, is that object with the others in it. */
function extraSql(columns: readonly string[]): string {
  const stated = columns.find((name) => name.toLowerCase() === "x_extra");
  const others = columns.filter((name) => name !== stated);
  if (stated === undefined) return others.length === 0 ? "null::varchar" : jsonOf(others);
  const cell = quoted(stated);
  const isObject = `json_valid(${cell}) and json_type(${cell}) = 'OBJECT'`;
  const whole = others.length === 0 ? cell : `json_merge_patch(${jsonOf(others)}, ${cell})`;
  return `case when ${cell} is null then ${others.length === 0 ? "null" : jsonOf(others)} when ${isObject} then ${whole} else ${jsonOf(columns)} end::varchar`;
}

const jsonOf = (columns: readonly string[]): string =>
  `to_json(struct_pack(${columns.map((name) => `${quoted(name)} := ${quoted(name)}`).join(", ")}))::varchar`;
