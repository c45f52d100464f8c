import { chargeColumnType } from "#facts/charge-columns.ts";
import type { ExportColumn, ExportVersion } from "#facts/export-columns.ts";
import type { ExportForm } from "#facts/export-form.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { raw, type Sql, sql } from "#lake/sql.ts";

/**
 * A column as it is written. CSV: decimals as their shortest exact text, times as ISO 8601 with a Z. Parquet: DECIMAL(38,18), and
 * timestamps that say of themselves that they are UTC.
 */
export function writtenColumn(
  d: Dialect,
  { column }: ExportColumn,
  form: ExportForm,
  version: ExportVersion,
): Sql {
  const value = raw(quoted(column));
  switch (chargeColumnType(column)) {
    case "decimal":
      return form === "parquet" ? value : d.decimalText(value);
    case "time":
      return form === "parquet" ? sql`${value} at time zone 'UTC'` : d.timeText(value);
    default:
      return column === "ContractApplied" && version < "1.4" ? formerKeys(value) : value;
  }
}

/** True for columns whose cells are quoted: a text is one whatever it looks like, and NULL in quotes is a word. */
export const isText = ({ column }: ExportColumn): boolean =>
  ["string", "json"].includes(chargeColumnType(column));

/** FOCUS 1.3 spelled two keys with ID. */
const formerKeys = (json: Sql): Sql =>
  sql`replace(replace(${json}, '"ContractId"', '"ContractID"'), '"ContractCommitmentId"', '"ContractCommitmentID"')`;
