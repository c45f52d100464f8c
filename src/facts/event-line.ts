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
  let line = "";
  let last = "";
  for (const { name, prefix, type, required } of planOf(table)) {
    const value = row[name];
    if (value === null || value === undefined || value === "") {
      if (required) throw invalid(table, row, name, undefined, "is missing");
      continue;
    }
    const written = writtenAs[type](value);
    if (written === undefined) throw invalid(table, row, name, value, wrong[type]);
    line += prefix + written;
    last = name;
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
  readonly required: boolean;
}

const plans = new WeakMap<EventTable, readonly PlannedColumn[]>();

function planOf(table: EventTable): readonly PlannedColumn[] {
  const known = plans.get(table);
  if (known !== undefined) return known;
  const plan = Object.entries(table.columns).map(([name, { type, required }]) => ({
    name,
    prefix: `,${JSON.stringify(name)}:`,
    type,
    required: required === true,
  }));
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
  flag: (value) => (typeof value === "boolean" ? String(value) : undefined),
  tags: (value) => mapText(value, (each) => (typeof each === "string" ? quotedText(each) : undefined)),
  counts: (value) => mapText(value, (each) => (isCount(each) ? String(each) : undefined)),
};
const wrong: Record<EventType, string> = {
  text: "is no text",
  time: "is no time from 2000 to 2099 in whole milliseconds",
  count: "is no whole number from 0 to 1,000,000,000,000",
  money: "is no decimal below 1,000,000,000,000",
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
