import type { Dimension, Filter } from "#facts/cost-question.ts";
import type { Dialect, TableName } from "#lake/dialect.ts";
import type { Sql } from "#lake/sql.ts";
import { decidedSql, isDecided } from "./decided-sql.ts";
import { conditionSql, judgedSql, storedSql } from "./filter-sql.ts";

/** A dimension as the rules in force decide it; rollups keep what was decided. Charges are grouped by this, and only the groups are written as text. */
export const dimensionSql = (d: Dialect, dimension: Dimension, table: TableName): Sql =>
  table !== "charges"
    ? storedSql(d, dimension)
    : dimension.kind === "column" && isDecided(dimension.column)
      ? decidedSql(d, dimension.column)
      : judgedSql(d, dimension);

/** A filter as a condition that is true of the charges that pass. */
export const filterSql = (d: Dialect, filter: Filter, table: TableName): Sql =>
  conditionSql(d, filter, dimensionSql(d, filter.dimension, table));
