import type { Call } from "#facts/call.ts";
import type { RejectionReason } from "#facts/call-rejection.ts";
import type { Instant } from "#units/instant.ts";

/** A row of a file: column or member to its value; numbers of JSON are their text. */
export type Row = Readonly<Record<string, unknown>>;

/** Why a row is not taken, and where it says so. */
export interface RowRejection {
  readonly reason: RejectionReason;
  readonly field: string;
  /** Never what stands there: it may be a text. */
  readonly message: string;
}

/** A row read: a call, one that is none, or what is wrong with it. */
export type RowCall =
  | { readonly kind: "call"; readonly call: Call; readonly leftOut: number }
  | { readonly kind: "no-call" }
  | ({ readonly kind: "rejected" } & RowRejection);

export interface RowOptions {
  /** `Call.source`. */
  readonly source: string;
  readonly now: Instant;
  /** Asks for a hash of prompts; at least 16 bytes that only you know. */
  readonly hashKey?: Uint8Array | undefined;
}

/** One format of files of calls. */
export interface CallFormat {
  readonly name: string;
  /** Whether a file whose rows have these columns is of this format. */
  readonly isOf: (columns: ReadonlySet<string>) => boolean;
  readonly read: (row: Row, options: RowOptions) => RowCall;
}

export const rejected = (reason: RejectionReason, field: string, message: string): RowCall => ({
  kind: "rejected",
  reason,
  field,
  message,
});

/** A column's text, trimmed; null where it is absent, empty or no text. */
export function textOf(row: Row, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = row[name];
    const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
    if (text !== "") return text.slice(0, 256);
  }
  return null;
}

/** An object in a column: as it is, or as JSON in a cell. Empty where it is neither. */
export function objectIn(row: Row, ...names: readonly string[]): Row {
  for (const name of names) {
    const value = parsed(row[name]);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Row;
  }
  return {};
}

/** A list in a column, likewise. */
export function listIn(row: Row, name: string): readonly unknown[] {
  const value = parsed(row[name]);
  return Array.isArray(value) ? value : [];
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(exactNumbers(value)) as unknown;
  } catch {
    return undefined;
  }
}

/** A JSON text whose numbers are texts of the same digits: a cost may have more of them than a number holds. */
export const exactNumbers = (json: string): string =>
  json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[-+.\deE]*/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );

const TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i;

/** A time as microseconds since 1970; undefined if the text is none. Without a zone it is in UTC, which both gateways write. */
export function microsecondsIn(text: string | null): number | undefined {
  const match = TIME.exec(text ?? "");
  if (match === null) return undefined;
  const [, date = "", clock = "", fraction = "", zone = "Z"] = match;
  const offset = /^(Z|UTC)$/i.test(zone)
    ? "Z"
    : zone.length === 3
      ? `${zone}:00`
      : zone.replace(/^(...)(\d\d)$/, "$1:$2");
  const milliseconds = Date.parse(`${date}T${clock}${offset}`);
  // A date such as February 30 is moved on rather than refused.
  if (Number.isNaN(milliseconds) || !isOnCalendar(date)) return undefined;
  return milliseconds * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

function isOnCalendar(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

export interface CallTimes {
  readonly start: Instant;
  readonly duration: number | null;
  readonly firstToken: number | null;
}

const OLDEST = Date.UTC(2015, 0, 1);
const DAY_MILLISECONDS = 86_400_000;

/** Start, duration and time to the first token of a row, or what is wrong with them. A file may be old, but not of the future. */
export function timesOf(
  row: Row,
  names: {
    readonly start: readonly string[];
    readonly end: readonly string[];
    readonly firstToken: readonly string[];
  },
  now: Instant,
): CallTimes | RowRejection {
  const [startName = ""] = names.start;
  const text = textOf(row, ...names.start);
  if (text === null) return { reason: "time-missing", field: startName, message: `${startName} is empty` };
  const start = microsecondsIn(text);
  if (start === undefined)
    return {
      reason: "field-invalid",
      field: startName,
      message: `${startName} is no time such as 2026-07-01T12:00:00.123Z`,
    };
  if (start / 1000 < OLDEST || start / 1000 > now + DAY_MILLISECONDS)
    return {
      reason: "time-implausible",
      field: startName,
      message: `${startName} is before 2015 or in the future`,
    };
  const end = microsecondsIn(textOf(row, ...names.end));
  const first = microsecondsIn(textOf(row, ...names.firstToken));
  if (end !== undefined && end < start)
    return { reason: "ends-before-start", field: names.end[0] ?? "", message: "it ends before it starts" };
  const isStreamed = first !== undefined && first >= start && (end === undefined || first < end);
  return {
    start: Math.floor(start / 1000),
    duration: end === undefined ? null : end - start,
    firstToken: isStreamed ? first - start : null,
  };
}
