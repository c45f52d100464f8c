import type { Outcome } from "#facts/outcome.ts";
import { exactNumbers } from "#ingest/calls/call-row.ts";
import { readingDatabase } from "#ingest/postgres/read-only.ts";
import { Problem } from "#units/problems.ts";
import { readOutcome } from "./read-outcome-file.ts";

const PAGE = 5000;
const MOST_PROBLEMS = 20;

/**
 * The outcomes that a query of a PostgreSQL database answers: columns id, time, kind, and if there are any count, success, value, currency; every other
 * column is a label. It is read through a cursor, page by page, in a transaction that may only read; times without a zone are in UTC.
 * @throws Problem "outcomes-invalid" naming the row, and those of `readingDatabase`
 */
export async function* outcomesOfQuery(
  url: string,
  query: string,
  source: string,
): AsyncGenerator<readonly Outcome[]> {
  yield* readingDatabase(url, async function* ({ query: ask }) {
    const plain = query.trim().replace(/;\s*$/, "");
    // A cursor takes one select and nothing else, and its rows as JSON lose no digit.
    await ask(
      `declare outcomes no scroll cursor for select to_jsonb(asked)::text as row from (${plain}\n) asked`,
    );
    for (let first = 1; ; first += PAGE) {
      const rows = await ask(`fetch forward ${PAGE} from outcomes`);
      if (rows.length === 0) return;
      yield outcomesIn(rows, first, source);
    }
  });
}

function outcomesIn(rows: readonly Record<string, unknown>[], first: number, source: string): Outcome[] {
  const faults: string[] = [];
  const outcomes = rows.flatMap(({ row }, index) => {
    const read = readOutcome(cellsOf(String(row)), source);
    if ("value" in read) return [read.value];
    for (const { column, what } of read.faults)
      faults.push(`Row ${first + index} of the query, column ${column}: ${what}`);
    return [];
  });
  const [problem, ...others] = faults.slice(0, MOST_PROBLEMS).map((text) => `${text.replace(/\.$/, "")}.`);
  if (problem === undefined) return outcomes;
  throw new Problem("outcomes-invalid", problem, {
    others: others.map((message) => ({ code: "outcomes-invalid", message })),
  });
}

/** Numbers as their own digits; PostgreSQL writes a time without a zone where the column has none. */
function cellsOf(json: string): Record<string, unknown> {
  const cells = JSON.parse(exactNumbers(json)) as Record<string, unknown>;
  const { time } = cells;
  if (typeof time === "string" && /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(time)) cells["time"] = `${time}Z`;
  return cells;
}
