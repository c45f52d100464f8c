import type { FilterOf } from "#facts/cost-question.ts";
import type { Dialect } from "#lake/dialect.ts";
import { join, type Sql, sql } from "#lake/sql.ts";

/** A filter on a text as a condition that is true of the rows that pass. */
export function textFilterSql<D>(d: Dialect, filter: FilterOf<D>, value: Sql): Sql {
  switch (filter.kind) {
    case "exists":
      return sql`${value} is not null`;
    case "missing":
      return sql`${value} is null`;
    case "contains":
      return d.contains(value, filter.part);
    case "matches":
      return d.matches(value, filter.pattern);
    case "is":
      return sql`${value} in (${texts(filter.values)})`;
    case "is-not":
      // A row without the value is not that value: null must not make it vanish.
      return sql`(${value} is null or ${value} not in (${texts(filter.values)}))`;
  }
}

/** Texts as a list of values. */
export const texts = (values: readonly string[]): Sql =>
  join(
    values.map((value) => sql`${value}`),
    ", ",
  );
