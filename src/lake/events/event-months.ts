import { type EventTable, eventTableNames } from "#facts/event-table.ts";
import { quoted } from "#facts/source-mapping.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { grouped } from "#units/grouped.ts";
import { type EventDay, type EventMonth, filesOfTable } from "./event-days.ts";
import { rollupColumns } from "./event-rollup-sql.ts";
import { type DayTarget, writeEventFile } from "./write-day.ts";

/**
 * Daily rollups of each month in one file each, made of the former ones and of the days that changed since: to open a file takes an engine
 * longer than to read a day from it. A month of a single day has none.
 * @param days all that will be in force
 */
export async function mergeMonths(
  target: DayTarget,
  days: readonly EventDay[],
  former: readonly EventMonth[],
): Promise<EventMonth[]> {
  const months: EventMonth[] = [];
  for (const [month, own] of grouped(days, monthOf)) {
    if (own.length === 1) continue;
    const before = former.find((each) => each.month === month);
    const of = dailyOf(target.table, own);
    months.push(
      before !== undefined && same(before.of, of) ? before : await merged(target, { month, of, own, before }),
    );
  }
  return months;
}

/** Files of one of a table's tables that tell of some days: a month's where one tells all that its days do. */
export function filesOfDays(
  inForce: { readonly days: readonly EventDay[]; readonly months: readonly EventMonth[] },
  within: readonly EventDay[],
  table: EventTable,
  name: string,
): string[] {
  if (!byDay(table).includes(name)) return filesOfTable(within, table, name);
  return [...grouped(within, monthOf)].flatMap(([month, days]) => {
    const whole = inForce.months.find((each) => each.month === month);
    const file = whole?.rollups[name];
    // A single day's own file is the smaller one.
    if (days.length === 1 || whole === undefined || file === undefined)
      return filesOfTable(days, table, name);
    return same(whole.of, dailyOf(table, daysOf(inForce.days, month)))
      ? file
      : filesOfTable(days, table, name);
  });
}

async function merged(
  target: DayTarget,
  {
    month,
    of,
    own,
    before,
  }: { month: string; of: string[]; own: readonly EventDay[]; before: EventMonth | undefined },
): Promise<EventMonth> {
  const { table, lake } = target;
  const isIn = (day: EventDay): boolean => dailyOf(table, [day]).every((file) => before?.of.includes(file));
  const [kept, fresh] = [own.filter(isIn), own.filter((day) => !isIn(day))];
  const rollups: Record<string, string> = {};
  for (const name of byDay(table)) {
    const file = before?.rollups[name];
    // In this order equal values lie together, which makes files small and groups quick to find.
    const order = rollupColumns(table, name).keys.map(quoted).join(", ");
    const days = kept.map(({ day }) => `date '${day}'`).join(", ");
    const relations =
      file === undefined || kept.length === 0
        ? [parquetFiles(lake, filesOfTable(own, table, name))]
        : [
            `(select * from ${parquetFiles(lake, [file])} where ${quoted(table.time)}::date in (${days}))`,
            ...(fresh.length === 0 ? [] : [parquetFiles(lake, filesOfTable(fresh, table, name))]),
          ];
    const all = relations.map((relation) => `select * from ${relation}`).join(" union all by name ");
    rollups[name] = await writeEventFile(target, name, month, `${all} order by ${order}`);
  }
  return { month, of, rollups };
}

/** A month's days. */
export const daysOf = (days: readonly EventDay[], month: string): EventDay[] =>
  days.filter((day) => monthOf(day) === month);

const monthOf = ({ day }: EventDay): string => day.slice(0, 7);

/** Names of the table's rollups by the day. */
const byDay = (table: EventTable): string[] => eventTableNames(table).filter((name) => name.endsWith("_day"));

const dailyOf = (table: EventTable, days: readonly EventDay[]): string[] =>
  filesOfTable(days, table, `${table.name}_day`);

const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((each, index) => each === right[index]);
