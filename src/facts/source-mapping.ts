import type { ProblemCode } from "#units/problem-codes.ts";
import type { MappedColumn } from "./charge-columns.ts";
import type { ImportMode } from "./import-mode.ts";
import type { Role } from "./role.ts";

/** How a delivery's text is laid out. */
export type Layout = "csv" | "parquet" | "jsonl" | "json";

/**
 * How a column writes its times.
 * - iso: ISO 8601 with its zone, such as 2026-07-01T00:00:00Z
 * - utc: the format itself says UTC, so a zone may be missing, and the T may be a blank
 * - us-date: M/D/YYYY, midnight UTC
 * - month: YYYYMM, the month's first midnight in UTC
 * - unix: whole seconds since 1970
 */
export type TimeStyle = "iso" | "utc" | "us-date" | "month" | "unix";

/** One kind of charge that a delivered row becomes; most formats have one, some split a row into several. */
export interface ChargeSelection {
  /** SQL condition over the parsed source columns; all rows if absent. */
  readonly where?: string;
  /** SQL expression over the parsed source columns for each FOCUS column, and those of ours that a source states; one that is not named is null. */
  readonly columns: Partial<Record<MappedColumn, string>>;
}

/** Rows that a format can't book, though each of their cells is sound. */
export interface Refusal {
  /** SQL condition over the parsed source columns that no row may meet. */
  readonly condition: string;
  /** The source column to name. */
  readonly column: string;
  readonly code: ProblemCode;
  /** What is wrong with the value, as the end of a sentence. */
  readonly what: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Rows that are booked, and that the person should know of. */
export interface Remark {
  /** SQL condition over the parsed source columns. */
  readonly condition: string;
  /** The source column to name. */
  readonly column: string;
  /** Name of the requirement that the rows break, x_…, and the requirement: it is kept as a finding. */
  readonly id: string;
  readonly requirement: string;
  /** What is so of the rows, as the end of a sentence that begins with their number. */
  readonly what: string;
  /** SQL of an amount whose sum is told. */
  readonly amount?: string;
}

/**
 * What a source's `map.ts` answers for a delivery with these columns: which source columns hold amounts and times, and the
 * FOCUS columns as SQL expressions over them. Expressions see amounts as DECIMAL(38,18), times as TIMESTAMP (UTC) and
 * everything else as text, with empty cells as null. Identifiers are quoted with double quotes.
 */
export interface SourceMapping {
  /** Short name such as "focus" or "aws-cur". */
  readonly format: string;
  /** The version of the format, such as "1.2". */
  readonly version: string;
  readonly layout: Layout;
  /** A SQL query over the text table `delivered` that makes the rows to map; the table itself if absent. */
  readonly rows?: string;
  /** Columns that hold exact decimals; checked strictly. */
  readonly amounts: readonly string[];
  /** Columns that hold times; checked strictly. */
  readonly times: Readonly<Record<string, TimeStyle>>;
  /**
   * Delivered columns to the other delivered spellings of the same, in order: where a cell is empty, the first of them that is filled
   * stands for it. Only where a delivery has several.
   */
  readonly spellings?: Readonly<Record<string, readonly string[]>>;
  readonly charges: readonly ChargeSelection[];
  /** Source columns kept in x_Extra because no FOCUS column holds them. */
  readonly extra: readonly string[];
  /** The source columns that may not be empty: cost, currency, periods. */
  readonly required: readonly string[];
  readonly refusals?: readonly Refusal[];
  readonly remarks?: readonly Remark[];
  /** What a delivery does to its billing periods unless the person says otherwise. */
  readonly mode: ImportMode;
  /** What the format's money is unless the person or the source's past says otherwise; invoice if absent. */
  readonly role?: Role;
  /** Notes for the person who imports, such as an assumption that was made. */
  readonly notes: readonly string[];
}

/** SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQL text literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
