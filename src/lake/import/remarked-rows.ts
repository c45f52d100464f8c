import { quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { type Declared, type Group, parsedSql } from "./delivery-sql.ts";
import type { DisputedAmounts } from "./disputed-amounts.ts";
import { lineOfRecord } from "./line-of-record.ts";
import { place } from "./offences.ts";

/** What a mapping has to say of rows that are booked, each with their number and the first of them. */
export async function remarkedRows(db: Duckdb, group: Group, declared: Declared): Promise<DisputedAmounts[]> {
  const { remarks = [] } = group.mapping;
  if (remarks.length === 0) return [];
  const columns = remarks.flatMap(({ condition, column, amount }, index) => [
    `count_if(${condition}) as n${index}`,
    `min(${place}) filter (where ${condition}) as p${index}`,
    `arg_min(${quoted(column)}::varchar, ${place}) filter (where ${condition}) as v${index}`,
    ...(amount === undefined ? [] : [`(sum(${amount}) filter (where ${condition}))::varchar as a${index}`]),
  ]);
  const [row = {}] = await db.run(`select ${columns.join(", ")} from (${parsedSql(group, declared)})`);
  const told: DisputedAmounts[] = [];
  for (const [index, { column, id, requirement, what }] of remarks.entries()) {
    const count = Number(row[`n${index}`] ?? 0);
    if (count === 0) continue;
    const first = Number(row[`p${index}`]);
    const [number, record] = [Math.floor(first / 1e12), first % 1e12];
    const input = group.files.find((staged) => staged.input.number === number)?.input;
    const line = input === undefined ? undefined : await lineOfRecord(input.path, input.layout, record);
    const where = `${input?.name ?? ""}, ${line === undefined ? `row ${record}` : `line ${line}`}`;
    const [sum, value] = [row[`a${index}`], row[`v${index}`]];
    const inAll = typeof sum === "string" ? `, ${formatDecimal(decimal(sum))} in all` : "";
    told.push({
      finding: {
        ruleId: id,
        column,
        keyword: "SHOULD",
        requirement,
        count,
        file: input?.name ?? null,
        firstRow: record,
        firstValue: typeof value === "string" ? value.slice(0, 200) : null,
      },
      note: `${count} ${count === 1 ? "row" : "rows"} ${what}${inAll}. The first is ${where}.`,
    });
  }
  return told;
}
