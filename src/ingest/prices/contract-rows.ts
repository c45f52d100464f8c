import { isoCurrencies } from "#facts/iso-currencies.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { positive } from "#facts/price-book.ts";
import { type PriceRow, priceUnit, priceUnits, type PurchaseOption, purchaseOptions } from "#facts/price.ts";
import { instant, type Instant } from "#units/instant.ts";
import type { Place, ProblemReport } from "#units/problems.ts";

/** What a line of a contract table states; those not named here are refused. */
export const contractColumns = [
  "provider",
  "sku",
  "region",
  "purchase",
  "unit",
  "price",
  "currency",
  "valid_from",
  "valid_to",
  "service",
  "note",
] as const;
/** A column of a contract table. */
export type ContractColumn = (typeof contractColumns)[number];

const OPTIONAL: readonly ContractColumn[] = ["valid_to", "service", "note"];

/** A line as written, and where each of its cells stands. */
export interface ContractLine {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<ContractColumn, string>>>;
  /** The line of a cell, where it has one of its own. */
  readonly lines?: Readonly<Partial<Record<ContractColumn, number>>>;
}

/**
 * A contract's prices, read strictly: no cell is guessed, and everything that is wrong is told.
 * Dates are days in UTC; valid_to is the first day on which the price no longer holds.
 */
export function contractRows(
  lines: readonly ContractLine[],
  file: string,
): { readonly rows: PriceRow[]; readonly problems: ProblemReport[] } {
  const problems: ProblemReport[] = [];
  const rows: PriceRow[] = [];
  const same = new Map<string, { row: PriceRow; line: number }[]>();
  for (const line of lines) {
    const known = problems.length;
    const row = rowOf(line, file, problems);
    if (problems.length > known) continue;
    const earlier = same.get(keyOf(row)) ?? [];
    const other = earlier.find((each) => overlap(each.row, row));
    if (other !== undefined) {
      const at = { file, line: line.line, column: "valid_from", value: line.cells.valid_from ?? "" };
      problems.push(problemAt(at, `gives ${row.sku} a second price for the same time as line ${other.line}`));
    }
    same.set(keyOf(row), [...earlier, { row, line: line.line }]);
    rows.push(row);
  }
  return { rows, problems };
}

function rowOf(line: ContractLine, file: string, problems: ProblemReport[]): PriceRow {
  const { cells } = line;
  const wrong = (column: ContractColumn, what: string): void => {
    const at = { file, line: line.lines?.[column] ?? line.line, column, value: cells[column] ?? "" };
    problems.push(problemAt(at, what));
  };
  const text = (column: ContractColumn): string => {
    const value = cells[column]?.trim() ?? "";
    if (value === "" && !OPTIONAL.includes(column)) wrong(column, "is empty");
    return value;
  };
  const date = (column: ContractColumn): Instant | undefined => {
    const value = text(column);
    if (value === "") return undefined;
    if (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) && real(value))
      return instant(value);
    wrong(column, "is not a day such as 2026-07-01");
  };
  const purchase = text("purchase");
  if (purchase !== "" && !(purchaseOptions as readonly string[]).includes(purchase))
    wrong("purchase", `is none of ${purchaseOptions.join(", ")}.${didYouMean(purchase, purchaseOptions)}`);
  const unit = text("unit");
  if (unit !== "" && priceUnit(unit) === undefined)
    wrong("unit", `is none of ${priceUnits.join(", ")}.${didYouMean(unit, priceUnits)}`);
  const currency = text("currency");
  if (currency !== "" && !isoCurrencies.includes(currency))
    wrong("currency", "is no ISO 4217 code such as USD");
  const price = text("price");
  const units = positive(price);
  if (price !== "" && units === undefined) wrong("price", "is not a plain decimal above zero such as 2.45");
  const [validFrom, validTo] = [date("valid_from"), date("valid_to")];
  if (validFrom !== undefined && validTo !== undefined && validTo <= validFrom)
    wrong("valid_to", "is not after valid_from");
  return {
    provider: text("provider"),
    service: text("service") || "compute",
    sku: text("sku"),
    region: text("region"),
    purchase: purchase as PurchaseOption,
    unit: priceUnit(unit) ?? unit,
    price: { units: units ?? 0n, currency },
    ...(validFrom === undefined ? {} : { validFrom, asOf: validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
    source: `${file}, line ${line.line}${text("note") === "" ? "" : `: ${text("note")}`}`,
  };
}

/** True for a day of the calendar: 30 February is read by `Date.parse` as 2 March. */
const real = (day: string): boolean => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);

const problemAt = (at: Required<Place>, what: string): ProblemReport => ({
  code: "price-file-invalid",
  message: `${at.file}, line ${at.line}, column ${at.column}: ${at.value === "" ? "the cell" : `"${at.value.slice(0, 80)}"`} ${what}${/[.?]$/.test(what) ? "" : "."}`,
  at,
});

const overlap = (a: PriceRow, b: PriceRow): boolean =>
  (a.validTo === undefined || b.validFrom === undefined || b.validFrom < a.validTo) &&
  (b.validTo === undefined || a.validFrom === undefined || a.validFrom < b.validTo);

const keyOf = ({ provider, service, sku, region, purchase, unit, price }: PriceRow): string =>
  JSON.stringify([provider, service, sku, region, purchase, unit, price.currency]).toLowerCase();
