import { listColumns } from "#flows/report/list-columns.ts";
import { type NamedReport, reportGroups } from "#flows/report/named/named-report.ts";
import { namedReports } from "#flows/report/named/named-reports.ts";
import { bold, dim } from "./colors.ts";
import { table } from "./table.ts";
import { terminalWidth } from "./terminal-width.ts";
import { wrap } from "./wrap.ts";

const INDENT = "  ";

/** The named reports by group: name and title, and below what each answers. */
export function namedReportsText(): string {
  const widest = Math.max(...namedReports.map(({ name }) => name.length));
  const width = Math.min(120, terminalWidth()) - 2 * INDENT.length;
  const groups = reportGroups.map((group) => {
    const own = namedReports.filter((report) => report.group === group);
    const entries = own.map(({ name, title, what }) => {
      const lines = wrap(what, width).map((line) => `${INDENT}${INDENT}${dim(line)}`);
      return [`${INDENT}${name.padEnd(widest)}  ${title}`, ...lines].join("\n");
    });
    return `${bold(group)}\n${entries.join("\n")}\n`;
  });
  return `${groups.join("\n")}
plimsoll report <name> runs one; it takes --from, --to, --period, --where, --without, --granularity, --top and --role.
plimsoll report cost answers a question of your own.
`;
}

/** The named reports with their columns, where they are from, and a filter that people usually add. */
export function namedReportsJson(): Record<string, unknown>[] {
  return namedReports.map(
    ({ name, group, title, what, source, by, period, time, where, example, ...report }) => ({
      name,
      group,
      title,
      what,
      source,
      by,
      measures: measuresOf(report),
      where,
      time,
      ...(period === undefined ? {} : { granularity: period }),
      ...(report.top === undefined ? {} : { top: report.top }),
      ...(example === undefined ? {} : { example }),
    }),
  );
}

const measuresOf = ({ sums, derived }: Pick<NamedReport, "sums" | "derived">): string[] => [
  ...sums.filter(({ hidden }) => !hidden).map(({ name }) => name),
  ...(derived ?? []).map(({ name }) => name),
];

/** Every column and measure that can be asked for. */
export function columnsText(): string {
  return table(
    ["Name", "Kind", "What"],
    listColumns().map((column) => [column.name, column.kind, column.what]),
  );
}
