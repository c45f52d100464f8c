import { type EventTable, eventTableNames } from "#facts/event-table.ts";
import { quoted } from "#facts/source-mapping.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { grouped } from "#units/grouped.ts";
import type { Window } from "#units/window.ts";
import { type EventDay, type EventMonth, filesOfTable } from "./event-days.ts";
import { addedSql, latencyAddedSql, rollupColumns } from "./event-rollup-sql.ts";
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

/**
 * Files of one of a table's tables that tell of some days: a month's where one tells all that its days do. A question of whole months reads of each no
 * more than its sums; of a month that it has only a part of, the days.
 * @param window that is asked of
 */
export function filesOfDays(
  inForce: { readonly days: readonly EventDay[]; readonly months: readonly EventMonth[] },
  within: readonly EventDay[],
  table: EventTable,
  { name, window }: { readonly name: string; readonly window: Window },
): string[] {
  if (!/_(day|month)$/.test(name)) return filesOfTable(within, table, name);
  const daily = name.replace(/_month$/, "_day");
  return [...grouped(within, monthOf)].flatMap(([month, days]) => {
    const whole = inForce.months.find((each) => each.month === month);
    const all = daysOf(inForce.days, month);
    // A single day's own file is the smaller one.
    if (days.length === 1 || whole === undefined || !same(whole.of, dailyOf(table, all)))
      return filesOfTable(days, table, daily);
    // A month's sums stand at its start.
    const isWhole = days.length === all.length && window.start <= Date.parse(`${month}-01T00:00:00Z`);
    return whole.rollups[isWhole ? name : daily] ?? filesOfTable(days, table, daily);
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
  for (const name of dailyNames(table)) {
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
    const daily = await writeEventFile(target, name, month, `${all} order by ${order}`);
    const summed = monthSql(table, name, parquetFiles(lake, [daily]));
    const monthly = name.replace(/_day$/, "_month");
    rollups[name] = daily;
    rollups[monthly] = await writeEventFile(target, monthly, month, summed);
  }
  return { month, of, rollups };
}

/** A month's days. */
export const daysOf = (days: readonly EventDay[], month: string): EventDay[] =>
  days.filter((day) => monthOf(day) === month);

const monthOf = ({ day }: EventDay): string => day.slice(0, 7);

/** Daily sums of a table of rollups added up by the month. */
export const monthSql = (table: EventTable, name: string, relation: string): string =>
  table.rollup.latencies !== undefined && name.includes("_latency_")
    ? latencyAddedSql(table, table.rollup.latencies, relation, "month")
    : addedSql(table, relation, "month");

/** Names of the table's rollups by the day. */
const dailyNames = (table: EventTable): string[] =>
  eventTableNames(table).filter((name) => name.endsWith("_day"));

const dailyOf = (table: EventTable, days: readonly EventDay[]): string[] =>
  filesOfTable(days, table, `${table.name}_day`);

const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((each, index) => each === right[index]);
