import type { EventTable } from "#facts/event-table.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { type EventsInForce, filesOfTable } from "#lake/events/event-days.ts";
import { rollupColumns } from "#lake/events/event-rollup-sql.ts";
import { daysOf, monthSql } from "#lake/events/event-months.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import type { EventProof } from "./prove-events.ts";

/**
 * Compares the files of months, row by row, with the days that they were made of.
 * @throws the engine's error if a file can't be read
 */
export async function proveMonths(
  db: Duckdb,
  lake: string,
  table: EventTable,
  inForce: EventsInForce,
): Promise<EventProof> {
  const imbalances: EventProof["imbalances"][number][] = [];
  let compared = 0;
  for (const month of inForce.months) {
    for (const [name, file] of Object.entries(month.rollups)) {
      const { keys, sums } = rollupColumns(table, name);
      const columns = [...keys, ...sums].map(quoted).join(", ");
      const daily = name.replace(/_month$/, "_day");
      const added = parquetFiles(lake, filesOfTable(daysOf(inForce.days, month.month), table, daily));
      const rows = (relation: string): string => `select ${columns} from ${relation}`;
      const whole = rows(parquetFiles(lake, [file]));
      const days = rows(name === daily ? added : `(${monthSql(table, name, added)})`);
      const [row] = await db.run(`select count(*)::varchar as n from (
        (${whole} except all ${days}) union all (${days} except all ${whole}))`);
      compared++;
      if (row?.["n"] !== "0")
        imbalances.push({
          table: name,
          day: month.month,
          figure: "rows that its days have not, or it has not",
          expected: "0",
          found: String(row?.["n"]),
        });
    }
  }
  return { imbalances, compared };
}
