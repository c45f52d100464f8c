import { join, raw, type Sql, sql } from "#lake/sql.ts";

/** A column of a grouped query: what is computed per row or group, and how the group's value is written out. */
export interface QueryColumn {
  readonly name: string;
  readonly value: Sql;
  /** The value as exact text; as it is if absent. */
  readonly written?: (value: Sql) => Sql;
}

/** What is grouped and summed, of which rows of which table. */
export interface GroupQuery {
  readonly table: Sql;
  readonly where: readonly Sql[];
  readonly groups: readonly QueryColumn[];
  readonly sums: readonly QueryColumn[];
  /** Only the largest groups per currency; ties are broken by the groups, so that the same question has the same answer. */
  readonly top?: { readonly size: Sql; readonly count: number };
}

/**
 * Groups charges and writes the groups as text. Text is made of the groups, not of the charges: there are far fewer of them.
 * Rows are ordered by their groups; with a top, by currency and size.
 */
export function groupQuery({ table, where, groups, sums, top }: GroupQuery): Sql {
  const columns = [...groups, ...sums];
  const inner = columns.map(({ value }, index) => sql`${value} as ${raw(`c${index}`)}`);
  const outer = columns.map(({ name, written }, index) => {
    const value = raw(`c${index}`);
    return sql`${written === undefined ? value : written(value)} as ${raw(name)}`;
  });
  const positions = groups.map((_, index) => index + 1);
  const size = top === undefined ? [] : [sql`${top.size} as size`];
  const grouped = sql`select ${join([...inner, ...size], ", ")}
  from ${table}
  where ${join(where, " and ")}
  group by ${raw(positions.join(", "))}`;
  if (top === undefined) {
    return sql`select ${join(outer, ", ")}
from (${grouped}) grouped
order by ${raw(positions.map((at) => `${at} nulls last`).join(", "))}`;
  }
  const currency = `c${groups.findIndex(({ name }) => name === "currency")}`;
  const rank = ["size desc", ...groups.map((_, index) => `c${index} nulls last`)].join(", ");
  return sql`select ${join(outer, ", ")}
from (select *, row_number() over (partition by ${raw(currency)} order by ${raw(rank)}) as place
  from (${grouped}) grouped) ranked
where place <= ${top.count}
order by ${raw(currency)}, place`;
}
