import { formatDecimal, ONE, parseDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { EventRow, EventTable, EventType, EventValue } from "./event-table.ts";

/** A line may have no more letters than this: an event is facts, not texts. */
const LONGEST = 256 * 1024;
/** Larger counts are faults, and sums of them must fit a whole number of 64 bits. */
const LARGEST = 1e12;
/** An event before or after these is one of a clock that was never set. */
const [FIRST, LAST] = [Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1)];

/**
 * An event as one line of JSON, keys as its table's columns, without what is unknown. Every value is looked at: what is written here must
 * be readable for ever, by an engine that would stop at the first value that is none of its type.
 * @throws Problem "event-invalid" naming the column and the value
 */
export function eventLine(table: EventTable, row: EventRow): string {
  const { columns, byName, required } = planOf(table);
  let [line, last, place, found] = ["", "", 0, 0];
  // Rows of a kind have their columns in the table's order, so that the next one is nearly always the one that is meant.
  for (const name in row) {
    const next = columns[place++];
    const column = next?.name === name ? next : byName.get(name);
    const value = row[name];
    if (column === undefined || value === null || value === undefined || value === "") continue;
    const written = column.write(value);
    if (written === undefined) throw invalid(table, row, name, value, wrong[column.type]);
    line += column.prefix + written;
    last = name;
    if (column.required) found++;
  }
  if (found < required.length) {
    const missing = required.find((name) => [null, undefined, ""].includes(row[name] as null)) ?? "";
    throw invalid(table, row, missing, undefined, "is missing");
  }
  if (line.length > LONGEST)
    throw invalid(table, row, last, undefined, "makes the event longer than 256 KiB");
  return `{${line.slice(1)}}`;
}

/** A column as it is looked for in each event: thousands come a second, so what is the same of all is made once. */
interface PlannedColumn {
  readonly name: string;
  /** With a comma in front. */
  readonly prefix: string;
  readonly type: EventType;
  readonly write: (value: EventValue) => string | undefined;
  readonly required: boolean;
}

interface Plan {
  readonly columns: readonly PlannedColumn[];
  readonly byName: ReadonlyMap<string, PlannedColumn>;
  readonly required: readonly string[];
}

const plans = new WeakMap<EventTable, Plan>();

function planOf(table: EventTable): Plan {
  const known = plans.get(table);
  if (known !== undefined) return known;
  const columns = Object.entries(table.columns).map(([name, { type, required }]) => ({
    name,
    prefix: `,${JSON.stringify(name)}:`,
    type,
    write: writtenAs[type],
    required: required === true,
  }));
  const plan = {
    columns,
    byName: new Map(columns.map((column) => [column.name, column])),
    required: columns.filter(({ required }) => required).map(({ name }) => name),
  };
  plans.set(table, plan);
  return plan;
}

/** A value as JSON; undefined if it is none of its type. */
const writtenAs: Record<EventType, (value: EventValue) => string | undefined> = {
  text: (value) => (typeof value === "string" ? quotedText(value) : undefined),
  time: (value) => (isWhole(value) && value >= FIRST && value < LAST ? String(value) : undefined),
  count: (value) => (isCount(value) ? String(value) : undefined),
  money: (value) => {
    const money = typeof value === "string" ? exactMoney(value) : undefined;
    return money === undefined ? undefined : `"${money}"`;
  },
  measure: (value) => {
    const measure = typeof value === "number" ? exactMeasure(value) : undefined;
    return measure === undefined ? undefined : `"${measure}"`;
  },
  flag: (value) => (typeof value === "boolean" ? String(value) : undefined),
  tags: (value) => mapText(value, (each) => (typeof each === "string" ? quotedText(each) : undefined)),
  counts: (value) => mapText(value, (each) => (isCount(each) ? String(each) : undefined)),
};
const wrong: Record<EventType, string> = {
  text: "is no text",
  time: "is no time from 2000 to 2099 in whole milliseconds",
  count: "is no whole number from 0 to 1,000,000,000,000",
  money: "is no decimal below 1,000,000,000,000",
  measure: "is no number below 1,000,000,000,000,000,000",
  flag: "is neither true nor false",
  tags: "holds something else than texts",
  counts: "holds something else than whole numbers",
};

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isWhole(value) && value >= 0 && value <= LARGEST;

/** Most costs are written plainly and short; only others are taken apart. */
function exactMoney(text: string): string | undefined {
  if (/^\d{1,12}(\.\d{1,18})?$/.test(text)) return text;
  // A text that is longer, or has a larger exponent, is no cost.
  if (text.length > 60 || /e\+?\d\d/i.test(text)) return undefined;
  const units = parseDecimal(text)?.units;
  if (units === undefined || units > BigInt(LARGEST) * ONE || units < BigInt(-LARGEST) * ONE)
    return undefined;
  return formatDecimal(units);
}

/** What is measured is no more exact than nine decimals. */
function exactMeasure(value: number): string | undefined {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e18) return undefined;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(9).replace(/\.?0+$/, "");
}

function mapText(value: EventValue, written: (each: unknown) => string | undefined): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  let text = "";
  for (const key of Object.keys(value)) {
    const each = written(value[key]);
    if (each === undefined) return undefined;
    text += `,${quotedText(key)}:${each}`;
  }
  return `{${text.slice(1)}}`;
}

/**
 * A text as JSON. Half a letter and the letter without a sign are no text to an engine, so they become the sign for what can't be shown. Few texts hold
 * anything that must be escaped, and looking is quicker than escaping.
 */
const quotedText = (text: string): string =>
  ESCAPED.test(text) ? JSON.stringify(text.replaceAll(UNSOUND, "\uFFFD")) : `"${text}"`;

// eslint-disable-next-line no-control-regex -- they are what is looked for
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;
// eslint-disable-next-line no-control-regex -- it is what is looked for
const UNSOUND = /\p{Surrogate}|\u0000/gu;

function invalid(
  table: EventTable,
  row: EventRow,
  column: string,
  value: EventValue | undefined,
  what: string,
): Problem {
  const key = table.key.flatMap((name) => {
    const part = row[name];
    return typeof part === "string" && name !== column ? [part] : [];
  });
  const of = key.length === 0 ? "" : ` of ${shown(key.join(" "))}`;
  const said =
    value === undefined ? "" : ` ${shown(typeof value === "object" ? JSON.stringify(value) : String(value))}`;
  return new Problem("event-invalid", `${table.name}${of}: ${column}${said} ${what}.`, {
    at: { column, ...(value === undefined ? {} : { value: said.trim() }) },
  });
}

const shown = (text: string): string => (text.length > 80 ? `"${text.slice(0, 80)}…"` : `"${text}"`);
