import type { EventTable } from "#facts/event-table.ts";
import { eventTableNames } from "#facts/event-table.ts";
import { literal } from "#facts/source-mapping.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { openEvents } from "#lake/open-events.ts";
import { render, type Sql } from "#lake/sql.ts";
import { instant } from "#units/instant.ts";
import { parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";
import { type Window, window } from "#units/window.ts";

/** Of which time a person asks. */
export interface TimeAsked {
  readonly data: string;
  readonly now: number;
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
}

/** What a question of events is answered with. */
export interface EventsAsk {
  readonly dialect: Dialect;
  /** The time asked for; all that there is where none was named. */
  readonly window: Window;
  /** The live files of the table, or of one that is made of it, as a relation. */
  readonly files: (table: string) => Sql;
  readonly ask: (query: Sql) => Promise<Row[]>;
}

/** How an answer came about. */
export interface AskedEvents {
  /** From the first event of the whole table to after its last, in whole days. */
  readonly covers: Window;
  readonly version: number;
  readonly queries: readonly string[];
}

/**
 * Answers a question of events at one version of the lake.
 * @throws Problem "lake-empty", "option-invalid" for a period beside --from or --to, "window-invalid"; "lake-corrupt" naming a file that can't be read
 */
export async function askEvents<T>(
  asked: TimeAsked,
  table: EventTable,
  answer: (ask: EventsAsk) => Promise<T>,
): Promise<T & AskedEvents> {
  const lake = await openEvents(asked.data, table, (covers) => windowOf(asked, covers));
  const queries: string[] = [];
  try {
    const answered = await answer({
      dialect: lake.dialect,
      window: windowOf(asked, lake.covers),
      files: (name) => lake.dialect.files(lake.files(name)),
      ask: async (query) => {
        queries.push(render(query, (value) => (typeof value === "string" ? literal(value) : String(value))));
        return lake.engine.query(query);
      },
    });
    return { ...answered, covers: lake.covers, version: lake.version, queries };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    for (const name of eventTableNames(table)) {
      const file = await lake.damagedFile(name);
      if (file !== undefined)
        throw new Problem("lake-corrupt", `${file} is missing or damaged.`, { at: { file }, cause });
    }
    throw cause;
  } finally {
    lake.close();
  }
}

function windowOf({ period, from, to, now }: TimeAsked, covers: Window): Window {
  if (period !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new Problem("option-invalid", "Give a period or --from and --to, not both.");
    return parsePeriod(period, now);
  }
  return window(
    from === undefined ? covers.start : instant(from),
    to === undefined ? covers.end : instant(to),
  );
}
