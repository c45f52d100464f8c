import type { AttributedColumn, AttributionKey } from "#facts/attribution-keys.ts";
import { attributionKeys, basisColumn } from "#facts/attribution-keys.ts";
import {
  type ChargeColumn,
  dividedColumns,
  type DividedColumn,
  promotedTags,
} from "#facts/charge-columns.ts";
import type { CostQuestion, Dimension, Filter } from "#facts/cost-question.ts";
import { costColumns } from "#facts/focus-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { conditions } from "./cost-by-dimensions.ts";
import { decidedSql } from "./decided-sql.ts";
import { storedFilterSql } from "./filter-sql.ts";

/** Which charges are exported, and what of them is divided. */
export interface ExportedCharges {
  readonly charges: Pick<CostQuestion, "window" | "time" | "spread" | "role" | "where">;
  /** All rows as they lie in the lake: what was divided, what takes it away and what was received of it. */
  readonly asLying?: true;
  readonly split?: SplitCharges;
}

/** Whose charges are divided, by currency, and the files that hold their parts as `partsSql` makes them. */
export interface SplitCharges {
  readonly key: AttributionKey;
  readonly origins: readonly { readonly origin: string; readonly currency: string }[];
  readonly parts: readonly string[];
}

/**
 * The rows of an export with these columns, under the names of the charges' columns and in their types. What of the charges is a row
 * of an export is decided here alone.
 * @param needed columns that are read of the rows
 */
export function exportedCharges(
  d: Dialect,
  { charges, split, asLying }: ExportedCharges,
  needed: readonly ChargeColumn[],
): Sql {
  if (split === undefined || split.parts.length === 0) return chargesSql(d, charges, needed, [], asLying);
  const { where, ...month } = charges;
  const read = unique<ChargeColumn>([
    ...needed,
    ...where.map(columnOf),
    attributionKeys[split.key],
    "BillingCurrency",
  ]);
  const rows = sql`select * from (${chargesSql(d, { ...month, where: [] }, read)}) c where not ${givenAway(split)}
union all
select ${raw(read.map(quoted).join(", "))} from ${raw(parquet(split.parts))}`;
  // Filters choose among the rows of the whole month, so that the files of all teams together are the month's.
  if (where.length === 0) return rows;
  // Which of them is divided was decided above; no row here takes another away.
  const told: Dialect = { ...d, divided: false };
  return sql`select * from (${rows}) where ${join(
    where.map((filter) => storedFilterSql(told, filter)),
    " and ",
  )}`;
}

/** The columns that parts of charges are kept with, so that `exportedCharges` finds what it needs. */
export const partColumns = (
  { charges, split }: ExportedCharges & { readonly split: Pick<SplitCharges, "key"> },
  needed: readonly ChargeColumn[],
): ChargeColumn[] =>
  unique<ChargeColumn>([
    ...needed,
    ...charges.where.map(columnOf),
    ...costColumns,
    attributionKeys[split.key],
    "BillingCurrency",
  ]);

/**
 * Parts of charges of one file: a row for each row of the table `parts`, which has `row_no`, the number of the charge's row in the file, `share`, and
 * the divided columns; the table `shares` says who bears a share of whose charges. The columns hold the key and the currency.
 * @param file absolute path of the file
 */
export function partsSql(
  d: Dialect,
  exported: ExportedCharges & { readonly split: Pick<SplitCharges, "key"> },
  columns: readonly ChargeColumn[],
  file: string,
): Sql {
  // Which rows are told was decided when they were divided.
  const one: Dialect = { ...d, divided: false, table: () => raw(parquet([file])) };
  const parts = columns.map(
    (column) => sql`${partSql(d, exported.split.key, column)} as ${raw(quoted(column))}`,
  );
  const charges = { ...exported.charges, where: [] };
  const value = raw(quoted(attributionKeys[exported.split.key]));
  // A row that is not the one that was divided would be left out by its value, and the sums would tell.
  return sql`select ${join(parts, ", ")}
from (${chargesSql(one, charges, [...columns, ...READ], ["file_row_number"])}) c
  join parts p on p.row_no = c.file_row_number join shares s on s.share = p.share and s.origin = c.${value} and s.currency = c."BillingCurrency"`;
}

const parquet = (files: readonly string[]): string =>
  `read_parquet([${files.map(literal).join(", ")}], hive_partitioning = false)`;

/** The charges that a split divides, in the order of their files: number of the file from 0, number of the row in it from 0, value, currency and, for each divided column, its unit and its value. */
export function chargesToDivide(
  d: Dialect,
  { charges, split }: ExportedCharges & { readonly split: Omit<SplitCharges, "parts"> },
  divided: readonly DividedColumn[],
): Sql {
  const column = attributionKeys[split.key];
  const units = divided.flatMap((name) => dividedColumns[name] ?? []);
  const read = unique<ChargeColumn>([column, "BillingCurrency", ...units, ...divided]);
  const shown = [
    "file_index",
    "file_row_number",
    quoted(column),
    quoted("BillingCurrency"),
    ...divided.map((name) => {
      const unit = dividedColumns[name];
      return unit === undefined ? "null::varchar" : quoted(unit);
    }),
    ...divided.map(quoted),
  ];
  return sql`select ${raw(shown.join(", "))} from (${chargesSql(d, { ...charges, where: [] }, read, ["file_index", "file_row_number"])}) c
where ${givenAway(split)}`;
}

/** Rows and exact sums of an export per currency and, where charges are split, per bearer, all as text. */
export function exportSums(d: Dialect, exported: ExportedCharges): Sql {
  const { split } = exported;
  const bearer = split === undefined ? raw("null::varchar") : raw(quoted(attributionKeys[split.key]));
  const read = unique<ChargeColumn>([
    ...costColumns,
    "BillingCurrency",
    ...(split === undefined ? [] : [attributionKeys[split.key]]),
  ]);
  const sums = costColumns.flatMap((name) => [
    sql`${d.text(raw(`sum(${quoted(name)})`))} as ${raw(quoted(name))}`,
    sql`${d.text(raw(`count(${quoted(name)})`))} as ${raw(quoted(`n_${name}`))}`,
  ]);
  return sql`select ${bearer} as bearer, "BillingCurrency" as currency, ${d.text(raw("count(*)"))} as charges, ${join(sums, ", ")}
from (${exportedCharges(d, exported, read)}) e
group by 1, 2 order by 2, 1 nulls last`;
}

/** Charges with columns as attribution has decided them. */
function chargesSql(
  d: Dialect,
  charges: ExportedCharges["charges"],
  needed: readonly ChargeColumn[],
  place: readonly string[] = [],
  asLying = false,
): Sql {
  const columns = unique(needed).map((column) => sql`${decidedSql(d, column)} as ${raw(quoted(column))}`);
  return sql`select ${join([...columns, ...place.map(raw)], ", ")}
from ${d.table("charges")} charges
where ${join([...conditions(d, charges, "charges"), ...(asLying ? [] : wholeOrReceived(d, charges))], " and ")}`;
}

/**
 * A node's charge that was divided is told by what was received of it, as FOCUS tells allocated cost; it and the row that takes it away are left out:
 * they add up to nothing. A filter on x_Division asks for rows as they lie in the lake.
 */
function wholeOrReceived(d: Dialect, { where }: ExportedCharges["charges"]): Sql[] {
  const asked = where.some(
    ({ dimension }) => dimension.kind === "column" && dimension.column === "x_Division",
  );
  if (!d.divided || asked) return [];
  // A delivered line can be several charges, such as usage and its credit; these tell them apart.
  const same = ["x_Import", "x_File", "x_Row", "ResourceId", "ChargePeriodStart", "ChargeCategory"].map(
    (name) => raw(`g.${quoted(name)} is not distinct from charges.${quoted(name)}`),
  );
  const given = sql`select 1 from ${d.table("charges")} g where g."x_Division" = 'given' and ${join(same, " and ")}`;
  return [sql`("x_Division" = 'received' or ("x_Division" is null and not exists (${given})))`];
}

function givenAway({ key, origins }: Omit<SplitCharges, "parts">): Sql {
  const column = raw(quoted(attributionKeys[key]));
  const each = origins.map(
    ({ origin, currency }) => sql`(${column} = ${origin} and "BillingCurrency" = ${currency})`,
  );
  return sql`coalesce(${join(each, " or ")}, false)`;
}

const ALLOCATED = [
  "AllocatedMethodId",
  "AllocatedMethodDetails",
  "AllocatedResourceId",
  "AllocatedResourceName",
  "AllocatedTags",
] as const;
const READ = [...ALLOCATED, "x_Tags"] as const;

/** A column of a bearer's part of a charge: quantities and costs are divided, everything else is as it was delivered. */
function partSql(d: Dialect, key: AttributionKey, column: ChargeColumn): Sql {
  const own: AttributedColumn = attributionKeys[key];
  if (Object.hasOwn(dividedColumns, column)) return sql`p.${raw(quoted(column))}`;
  if (column === own) return raw("s.bearer");
  if (column === basisColumn(own)) return raw("'split:' || s.method");
  if (column === "x_Stage" && key === "environment") return stageSql(d);
  switch (column) {
    case "AllocatedMethodId":
      return raw(`coalesce(c."AllocatedMethodId" || '>', '') || s.method`);
    case "AllocatedMethodDetails":
      return detailsSql;
    case "AllocatedResourceId":
      return sql`${`${key}/`} || s.bearer`;
    case "AllocatedResourceName":
      return raw("s.bearer");
    case "AllocatedTags":
      return tagsSql(own);
    default:
      return sql`c.${raw(quoted(column))}`;
  }
}

/** A charge that its provider had divided already keeps what the provider said. */
const detailsSql = raw(`case when c."AllocatedMethodId" is null then s.details
    else left(s.details, -1) || ',"x_Delivered":' || to_json(struct_pack(${ALLOCATED.map((name) => `${quoted(name)} := c.${quoted(name)}`).join(", ")}))::varchar || '}' end`);

/** The tags of a part: those of its charge, but for who bears it, which no other spelling may contradict. */
function tagsSql(own: AttributedColumn): Sql {
  const spellings = promotedTags[own].map(literal).join(", ");
  const others = `list_filter(map_entries(c."x_Tags"), lambda e: regexp_replace(lower(e.key), '[^a-z0-9]', '', 'g') not in (${spellings}))`;
  return raw(
    `case when c."x_Tags" is null then s.tags else json_merge_patch(to_json(map_from_entries(${others})), s.tags)::varchar end`,
  );
}

/** Production or not goes with the environment that bears the cost. */
function stageSql(d: Dialect): Sql {
  const production = (d.rules.at(-1)?.attribution.production ?? []).map((name) => sql`${name}`);
  if (production.length === 0) return raw("'r-and-d'");
  return sql`case when s.bearer in (${join(production, ", ")}) then 'production' else 'r-and-d' end`;
}

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];

/** The column that a filter looks at. */
const columnOf = ({ dimension }: Filter): ChargeColumn => {
  const holders: Readonly<Record<Exclude<Dimension["kind"], "column">, ChargeColumn>> = {
    tag: "x_Tags",
    detail: "SkuPriceDetails",
    extra: "x_Extra",
  };
  return dimension.kind === "column" ? dimension.column : holders[dimension.kind];
};
