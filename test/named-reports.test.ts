import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv } from "#cli/csv.ts";
import type { CostRow } from "#facts/cost-row.ts";
import { asker } from "#flows/report/ask-lake.ts";
import { type NamedQuestion, namedSums, runNamedReport } from "#flows/report/named/run-named-report.ts";
import { namedReports } from "#flows/report/named/named-reports.ts";
import type { NamedReport } from "#flows/report/named/named-report.ts";
import type { ResultTable } from "#flows/report/result-table.ts";
import { groupedSums } from "#lake/queries/grouped-sums.ts";
import { addUpByHand, groupId, summedText } from "./engines/add-up-by-hand.ts";
import { type Asked, type BothEngines, clickhouseSkipped, openBothEngines } from "./engines/both-engines.ts";
import { filledReportRows, reportLake } from "./engines/report-lake.ts";

if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);

const golden = path.join(import.meta.dirname, "golden", "named-reports");
const update = process.env["UPDATE_GOLDEN"] === "1";
const window = { start: Date.UTC(2026, 5, 1), end: Date.UTC(2026, 7, 1) };
const question: NamedQuestion = { window, where: [], role: "invoice" };

let both: BothEngines;
beforeAll(async () => {
  both = await openBothEngines(reportLake);
});
afterAll(() => both.close());

const table = ({ dialect, engine }: Asked, report: NamedReport, asked = question): Promise<ResultTable> =>
  runNamedReport(dialect, asker(engine), report, asked);

describe.each(namedReports)("$name", (report) => {
  test("sums what is added up by hand from the delivered text", async () => {
    const asked = namedSums(report, question);
    const rows = await asker(both.duckdb.engine)(groupedSums(both.duckdb.dialect, asked), asked);
    const given = new Map(rows.map((row) => [idOf(row), sumsOf(row)]));
    expect(given).toEqual(addUpByHand(report, filledReportRows, window));
    expect(given.size).toBeGreaterThan(0);
  });

  test("gives the rows that were checked by hand", async () => {
    const file = path.join(golden, `${report.name}.csv`);
    const text = goldenText(await table(both.duckdb, report));
    if (update) {
      await mkdir(golden, { recursive: true });
      await writeFile(file, text);
    }
    expect(text).toBe(await readFile(file, "utf8"));
  });

  test.skipIf(clickhouseSkipped !== undefined)("is the same on DuckDB and ClickHouse", async () => {
    const { clickhouse, duckdb } = both;
    if (clickhouse === undefined) throw new Error("ClickHouse is not open.");
    const narrow = { ...question, ...(report.period === undefined ? { top: 1 } : {}) };
    for (const asked of [question, narrow, { ...question, role: "estimate" as const }])
      expect(await table(clickhouse, report, asked)).toEqual(await table(duckdb, report, asked));
  });
});

test("there are at least 40 reports, each name once, each with a golden file and none beside", async () => {
  const names = namedReports.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(40);
  expect((await readdir(golden)).sort()).toEqual(names.map((name) => `${name}.csv`).sort());
});

test("the handbook names every report with its source", async () => {
  const page = await readFile(path.join(import.meta.dirname, "..", "docs", "reports.md"), "utf8");
  for (const { name, title, source } of namedReports)
    expect(page).toContain(`| \`${name}\` | ${title} | ${source} |`);
});

const idOf = ({ bucket, keys, currency }: CostRow): string => groupId(bucket ?? null, keys, currency);
const sumsOf = ({ sums, known, among, charges }: CostRow): string[] =>
  sums.map((units, index) => summedText(units, known[index] ?? 0, among?.[index] ?? charges));

/** Rows, then what is beyond the top and the totals, each as CSV with all columns. */
function goldenText({ columns, rows, others, totals, unknown }: ResultTable): string {
  const names = columns.map(({ name }) => name);
  const part = (title: string, list: ResultTable["rows"]): string =>
    list.length === 0 ? "" : `\n# ${title}\n${csv(names, list)}`;
  const unsaid = Object.entries(unknown).map(([name, charges]) => `# ${name} unknown: ${charges}\n`);
  return `${csv(names, rows)}${part("others", others)}${part("totals", totals)}${unsaid.join("")}`;
}
