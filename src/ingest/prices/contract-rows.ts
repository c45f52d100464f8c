import { didYouMean } from "#facts/nearest-names.ts";
import { positive } from "#facts/price-book.ts";
import { type PriceRow, priceUnit, priceUnits, purchaseOptions } from "#facts/price.ts";
import type { ProblemReport } from "#units/problems.ts";
import type { TableLine } from "./read-table.ts";
import { overlap, problemAt, readCells } from "./table-cells.ts";

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

type ContractLine = TableLine<ContractColumn>;

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
  const { text, day, oneOf, currency: currencyOf, wrong } = readCells(line, file, OPTIONAL, problems);
  const purchase = oneOf("purchase", purchaseOptions) ?? "on-demand";
  const unit = text("unit");
  if (unit !== "" && priceUnit(unit) === undefined)
    wrong("unit", `is none of ${priceUnits.join(", ")}.${didYouMean(unit, priceUnits)}`);
  const currency = currencyOf("currency");
  const price = text("price");
  const units = positive(price);
  if (price !== "" && units === undefined) wrong("price", "is not a plain decimal above zero such as 2.45");
  const [validFrom, validTo] = [day("valid_from"), day("valid_to")];
  if (validFrom !== undefined && validTo !== undefined && validTo <= validFrom)
    wrong("valid_to", "is not after valid_from");
  return {
    provider: text("provider"),
    service: text("service") || "compute",
    sku: text("sku"),
    region: text("region"),
    purchase,
    unit: priceUnit(unit) ?? unit,
    price: { units: units ?? 0n, currency },
    ...(validFrom === undefined ? {} : { validFrom, asOf: validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
    source: `${file}, line ${line.line}${text("note") === "" ? "" : `: ${text("note")}`}`,
  };
}

const keyOf = ({ provider, service, sku, region, purchase, unit, price }: PriceRow): string =>
  JSON.stringify([provider, service, sku, region, purchase, unit, price.currency]).toLowerCase();
