import { expect } from "vitest";
import { openLake } from "#lake/open-lake.ts";
import { raw, sql } from "#lake/sql.ts";

/** BilledCost per source and billing period as a question finds it, and as the lake's list has it: they may not differ. */
export async function books(data: string): Promise<Record<string, string>> {
  const lake = await openLake(data);
  const asked: Record<string, string> = {};
  for (const table of ["charges", "charges_hour", "charges_day"] as const) {
    const rows = await lake.engine.query(sql`
      select x_Source as source, strftime("BillingPeriodStart", '%Y-%m') as period, ${lake.dialect.decimalText(raw('sum("BilledCost")'))} as cost
      from ${lake.dialect.table(table)} group by all order by 1, 2`);
    const found = Object.fromEntries(
      rows.map((row) => [`${String(row["source"])} ${String(row["period"])}`, String(row["cost"])]),
    );
    if (table === "charges") Object.assign(asked, found);
    else expect(found).toEqual(asked);
  }
  lake.close();
  const listed = lake.version.periods.map(({ source, billingPeriod, totals }) => [
    `${source} ${billingPeriod}`,
    totals["USD"]?.["BilledCost"],
  ]);
  expect(Object.fromEntries(listed)).toEqual(asked);
  return asked;
}
