import { outcomesTable } from "#facts/outcome-columns.ts";
import type { OutcomeKey, OutcomeQuestion } from "#facts/outcome-question.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import { raw, type Sql, sql } from "#lake/sql.ts";
import { groupQuery } from "./group-query.ts";
import { rollupBucket } from "./event-rollup.ts";
import { textFilterSql } from "./text-filter-sql.ts";

/** The tables of the lake that are made of outcomes. */
export type OutcomeTable = "outcomes" | `outcomes_${"hour" | "day" | "month"}`;

const time = raw(quoted(outcomesTable.time));

/** The smallest table that tells what is asked. */
export function outcomeTable(question: OutcomeQuestion): OutcomeTable {
  const named = [...question.by, ...question.where.map(({ dimension }) => dimension)];
  const bucket = named.every(({ kind }) => kind === "column") ? rollupBucket(question) : undefined;
  return bucket === undefined ? "outcomes" : `outcomes_${bucket}`;
}

/** Sums of outcomes per group, bucket and kind, all as text: `k0…`, `bucket` if there are any, `kind`, and the sums by their names. */
export function outcomeSums(d: Dialect, files: Sql, question: OutcomeQuestion): Sql {
  const { by, where, window, granularity } = question;
  const isRaw = outcomeTable(question) === "outcomes";
  const sums = Object.entries(outcomesTable.rollup.sums);
  return groupQuery({
    table: files,
    where: [
      sql`${time} >= ${d.instant(window.start)}`,
      sql`${time} < ${d.instant(window.end)}`,
      ...where.map((filter) => textFilterSql(d, filter, keySql(d, filter.dimension))),
    ],
    groups: [
      ...by.map((key, index) => ({ name: `k${index}`, value: keySql(d, key) })),
      ...(granularity === undefined
        ? []
        : [{ name: "bucket", value: d.bucket(granularity, time), written: (value: Sql) => d.text(value) }]),
      { name: "kind", value: raw(`"Kind"`) },
    ],
    sums: sums.map(([name, { sql: aggregate, type }]) => ({
      name,
      value: raw(isRaw ? aggregate : `sum(${quoted(name)})`),
      written: (value) => (type === "money" ? d.decimalText(value) : d.text(value)),
    })),
  });
}

function keySql(d: Dialect, key: OutcomeKey): Sql {
  if (key.kind === "tag") return d.tag(`"Attributes"`, key.key);
  const value = raw(quoted(key.column));
  return key.column === "Success" ? d.text(value) : value;
}
