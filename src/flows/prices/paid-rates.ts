import { ratesAsPrices } from "#facts/effective-rate.ts";
import type { PriceRow } from "#facts/price.ts";
import { literal } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { openLake } from "#lake/open-lake.ts";
import { decodeRates, effectiveRates } from "#lake/queries/effective-rates.ts";
import { render, type Sql } from "#lake/sql.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";

/** How far back a bill says what is paid. */
const RATE_DAYS = 30;

/** Rates of the own bill, and how they were found. */
export interface PaidRates {
  readonly rows: readonly PriceRow[];
  /** The lake's version; undefined where nothing was imported yet. */
  readonly version?: number;
  /** The SQL with its values written in. */
  readonly query?: string;
}

/**
 * What was paid in the 30 days before an instant, by invoices alone.
 * @param skus instance types and SKUs as bills spell them; all if absent
 * @throws Problem "lake-corrupt"
 */
export async function paidRates(data: string, at: Instant, skus?: readonly string[]): Promise<PaidRates> {
  const answer = await askBill(data, at, (dialect, window) =>
    effectiveRates(dialect, { window, ...(skus === undefined ? {} : { skus }) }),
  );
  if (answer === undefined) return { rows: [] };
  return { rows: ratesAsPrices(decodeRates(answer.rows)), version: answer.version, query: answer.query };
}

/** What the own bill answered. */
export interface BillAnswer {
  readonly rows: readonly Row[];
  /** The lake's version. */
  readonly version: number;
  /** The SQL with its values written in. */
  readonly query: string;
}

/**
 * Asks the invoices of the 30 days before an instant; undefined where nothing was imported yet.
 * @throws Problem "lake-corrupt"
 */
export async function askBill(
  data: string,
  at: Instant,
  question: (dialect: Dialect, window: Window) => Sql,
): Promise<BillAnswer | undefined> {
  const window = { start: at - RATE_DAYS * 86_400_000, end: at };
  const lake = await openLake(data, window, "invoice").catch((cause: unknown) => {
    if (cause instanceof Problem && cause.code === "lake-empty") return undefined;
    throw cause;
  });
  if (lake === undefined) return undefined;
  try {
    const query = question(lake.dialect, window);
    const rows = await lake.engine.query(query);
    const text = render(query, (value) => (typeof value === "string" ? literal(value) : String(value)));
    return { rows, version: lake.version.version, query: text };
  } catch (cause) {
    const file = await lake.damagedFile("charges");
    if (file === undefined) throw cause;
    throw new Problem("lake-corrupt", `${file} is missing or damaged.`, { at: { file }, cause });
  } finally {
    lake.close();
  }
}
