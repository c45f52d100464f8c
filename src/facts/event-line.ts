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
  const line: Record<string, unknown> = {};
  for (const name in table.columns) {
    const column = table.columns[name];
    const value = row[name];
    if (value === null || value === undefined || value === "") {
      if (column?.required === true) throw invalid(table, row, name, undefined, "is missing");
    } else if (column !== undefined) {
      const written = checked[column.type](value);
      if (written === undefined) throw invalid(table, row, name, value, wrong[column.type]);
      line[name] = written;
    }
  }
  const text = plain(JSON.stringify(line));
  if (text.length > LONGEST)
    throw invalid(
      table,
      row,
      Object.keys(line).at(-1) ?? "",
      undefined,
      "makes the event longer than 256 KiB",
    );
  return text;
}

/** The value as it is written; undefined if it is none of its type. */
const checked: Record<EventType, (value: EventValue) => unknown> = {
  text: (value) => (typeof value === "string" ? value : undefined),
  time: (value) => (isWhole(value) && value >= FIRST && value < LAST ? value : undefined),
  count: (value) => (isWhole(value) && value >= 0 && value <= LARGEST ? value : undefined),
  money: (value) => (typeof value === "string" ? exactMoney(value) : undefined),
  flag: (value) => (typeof value === "boolean" ? value : undefined),
  tags: (value) => mapOf(value, (each) => typeof each === "string"),
  counts: (value) => mapOf(value, (each) => isWhole(each) && each >= 0 && each <= LARGEST),
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

function mapOf(value: EventValue, isSound: (each: unknown) => boolean): object | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.values(value).every(isSound) ? value : undefined;
}

/** Half a letter and the letter without a sign are no text to an engine, so they become the sign for what can't be shown. */
function plain(json: string): string {
  if (!/\\u(d[89a-f]|0000)/.test(json)) return json;
  return JSON.stringify(JSON.parse(json, (_, value: unknown) => sound(value)));
}

function sound(value: unknown): unknown {
  if (typeof value === "string") return soundText(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [soundText(key), each]));
}

// eslint-disable-next-line no-control-regex -- it is what is looked for
const soundText = (text: string): string => text.replaceAll(/\p{Surrogate}|\u0000/gu, "\uFFFD");

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
