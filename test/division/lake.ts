import {
  type ChargeColumn,
  chargeColumnNames,
  decidedColumnNames,
  dividedColumnNames,
  promotedTags,
} from "#facts/charge-columns.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { openLake } from "#lake/open-lake.ts";
import { raw, sql } from "#lake/sql.ts";
import { type Asked, exactQuestion } from "#flows/report/exact-question.ts";
import { formatDecimal } from "#units/decimal.ts";

/** Rows of charges of invoices, of a lake's version in force. */
export async function chargeRows(data: string, query: string): Promise<Row[]> {
  const lake = await openLake(data, undefined, "invoice");
  try {
    return await lake.engine.query(
      sql`with charges as (select * from ${lake.dialect.table("charges")}) ${raw(query)}`,
    );
  } finally {
    lake.close();
  }
}

/** Columns that a division may change: amounts, owners, and whom a row was allocated to. */
const changed: ReadonlySet<ChargeColumn> = new Set([
  ...dividedColumnNames,
  ...decidedColumnNames,
  "x_Tags",
  ...(Object.keys(promotedTags) as ChargeColumn[]),
  "x_Division",
  "x_IdleKind",
  "AllocatedMethodId",
  "AllocatedMethodDetails",
  "AllocatedResourceId",
  "AllocatedResourceName",
  "AllocatedTags",
] as const);
/** Columns by which every sum must be as it was delivered. */
export const keptColumns = chargeColumnNames.filter((name) => !changed.has(name));

/** Sums by some columns, from rollups where they can answer; group to exact text, groups of nothing left out. */
export async function sums(
  data: string,
  by: readonly string[],
  asked: Partial<Asked> = {},
): Promise<Record<string, string>> {
  const question = await exactQuestion(data, { by, measures: ["EffectiveCost"], now: 0, ...asked });
  const { rows } = await reportCost(data, question);
  const several = new Set(rows.map(({ currency }) => currency)).size > 1;
  return Object.fromEntries(
    rows
      .filter((each) => each.sums[0] !== 0n)
      .map(({ keys, currency, sums: [sum = 0n] }) => [
        [...keys.map((key) => key ?? "-"), ...(several ? [currency] : [])].join(" "),
        formatDecimal(sum),
      ])
      .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  );
}

/** How many charges a question finds, and of how many EffectiveCost is known, per group. */
export async function counts(data: string, by: readonly string[]): Promise<unknown> {
  const question = await exactQuestion(data, { by, measures: ["EffectiveCost"], now: 0 });
  const { rows } = await reportCost(data, question);
  return rows.map(({ keys, charges, known }) => [keys, charges, known]);
}
