import type { Dimension, Filter } from "#facts/cost-question.ts";
import type { Dialect, TableName } from "#lake/dialect.ts";
import type { Sql } from "#lake/sql.ts";
import { decidedSql, isDecided } from "./decided-sql.ts";
import { conditionSql, storedSql } from "./filter-sql.ts";

/** A dimension as the rules in force decide it; rollups keep what was decided. Charges are grouped by this, and only the groups are written as text. */
export const dimensionSql = (d: Dialect, dimension: Dimension, table: TableName): Sql =>
  dimension.kind === "column" && table === "charges" && isDecided(dimension.column)
    ? decidedSql(d, dimension.column)
    : storedSql(d, dimension);

/** A filter as a condition that is true of the charges that pass. */
export const filterSql = (d: Dialect, filter: Filter, table: TableName): Sql =>
  conditionSql(d, filter, dimensionSql(d, filter.dimension, table));
