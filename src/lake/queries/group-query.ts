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

/** What is grouped and summed, the groups that are ranked, and how many of them are named. */
export interface TopQuery extends Omit<GroupQuery, "top"> {
  readonly top: {
    readonly size: Sql;
    readonly count: number;
    /** Names of the groups that are ranked; each row keeps the other groups, such as its bucket and currency. */
    readonly keys: readonly string[];
  };
}

/**
 * The largest groups per currency and, in the same look at the charges, the sum of all others: rows whose `others` is 1 and whose
 * keys are null. Sums must be such as can be added up again; ties are broken by the keys, so that the same question has the same answer.
 */
export function topQuery({ table, where, groups, sums, top }: TopQuery): Sql {
  const columns = [...groups, ...sums];
  const at = (name: string): string => `c${groups.findIndex((group) => group.name === name)}`;
  const keys = top.keys.map(at);
  const currency = at("currency");
  const grouped = sql`select ${join([...columns.map(({ value }, index) => sql`${value} as ${raw(`c${index}`)}`), sql`${top.size} as size`], ", ")}
      from ${table}
      where ${join(where, " and ")}
      group by ${raw(groups.map((_, index) => index + 1).join(", "))}`;
  // Where keys and currency are all there is to group by, a row is a whole group.
  const whole = groups.length === keys.length + 1;
  const total = whole ? "size" : `sum(size) over (partition by ${[currency, ...keys].join(", ")})`;
  const order = ["total desc", ...keys.map((key) => `${key} nulls last`)].join(", ");
  const named = sql`place <= ${top.count}`;
  const gathered = columns.map((_, index) => {
    const column = `c${index}`;
    if (keys.includes(column)) return sql`case when ${named} then ${raw(column)} end as ${raw(`g${index}`)}`;
    return raw(index < groups.length ? `${column} as g${index}` : `sum(${column}) as g${index}`);
  });
  const positions = groups.map((_, index) => index + 1);
  const shown = columns.map(({ name, written }, index) => {
    const value = raw(`g${index}`);
    return sql`${written === undefined ? value : written(value)} as ${raw(name)}`;
  });
  return sql`select ${join(shown, ", ")}, others
from (select ${join(gathered, ", ")}, case when ${named} then 0 else 1 end as others
  from (select *, dense_rank() over (partition by ${raw(currency)} order by ${raw(order)}) as place
    from (select *, ${raw(total)} as total
      from (${grouped}) grouped) sized) ranked
  group by ${raw([...positions, columns.length + 1].join(", "))}) gathered
order by ${raw([...positions.map((position) => `${position} nulls last`), "others"].join(", "))}`;
}
