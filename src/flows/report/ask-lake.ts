import type { Filter } from "#facts/cost-question.ts";
import type { LakeRow } from "#facts/cost-row.ts";
import type { Role } from "#facts/role.ts";
import { literal } from "#facts/source-mapping.ts";
import { decodeCostRows } from "#lake/decode-cost-rows.ts";
import type { Dialect, TableName } from "#lake/dialect.ts";
import type { Engine } from "#lake/engines/duckdb.ts";
import { openLake } from "#lake/open-lake.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { refusePatterns } from "#lake/refuse-patterns.ts";
import { render, type Sql } from "#lake/sql.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";

/** More groups than this are not a report; the largest ones and the sum of the others are. */
const MAX_GROUPS = 200_000;

/** How an answer came about. */
export interface Explanation {
  /** The lake's version that was read. */
  readonly version: number;
  readonly table: TableName;
  readonly files: number;
  /** Charges in the files that were opened. */
  readonly rowsRead: number;
  /** From the first to the last charge of the whole lake. */
  readonly covers: Window;
  /** What was read of each source, and when its last delivery came in. */
  readonly sources: readonly {
    readonly source: string;
    readonly role: Role;
    /** Billing periods, YYYY-MM. */
    readonly billingPeriods: readonly string[];
    /** Milliseconds since 1970. */
    readonly asOf: number;
  }[];
  readonly queries: readonly {
    /** The SQL with its values written in, as it can be run by hand. */
    readonly text: string;
    readonly milliseconds: number;
  }[];
}

/** A question to an engine: the query, and what its rows are decoded by. */
export type Ask = (
  query: Sql,
  shape: { readonly by: readonly unknown[]; readonly measures: readonly unknown[] },
) => Promise<LakeRow[]>;

/**
 * Opens the lake for the windows, refuses filters that no engine can use, lets `answer` ask it, and explains what was read.
 * @throws Problem "lake-empty", "lake-corrupt", "option-invalid" if there are too many groups, "filter-invalid" for a pattern
 */
export async function askLake<T>(
  data: string,
  windows: readonly Window[],
  role: Role,
  table: TableName,
  where: readonly Filter[],
  answer: (d: Dialect, ask: Ask) => Promise<T>,
  only?: (period: LakePeriod) => boolean,
): Promise<{ answered: T; explanation: Explanation }> {
  const window = {
    start: Math.min(...windows.map(({ start }) => start)),
    end: Math.max(...windows.map(({ end }) => end)),
  };
  const lake = await openLake(data, window, role, only);
  const queries: Explanation["queries"][number][] = [];
  try {
    await refusePatterns(lake.engine, where);
    const answered = await answer(lake.dialect, asker(lake.engine, queries));
    const times = lake.version.periods.map(({ charges }) => charges);
    const covers = {
      start: Math.min(...times.map(({ start }) => start)),
      end: Math.max(...times.map(({ end }) => end)),
    };
    return {
      answered,
      explanation: { ...lake.read(table), table, covers, sources: sourcesOf(lake.periods), queries },
    };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const file = await lake.damagedFile(table);
    if (file === undefined) throw cause;
    throw new Problem("lake-corrupt", `${file} is missing or damaged.`, { at: { file }, cause });
  } finally {
    lake.close();
  }
}

/** Asks an engine, and notes every query if a list is given. */
export function asker(engine: Engine, queries: Explanation["queries"][number][] = []): Ask {
  return async (query, shape) => {
    const started = performance.now();
    const rows = await engine.query(query);
    queries.push({
      text: render(query, (value) => (typeof value === "string" ? literal(value) : String(value))),
      milliseconds: Math.round(performance.now() - started),
    });
    if (rows.length > MAX_GROUPS) {
      throw new Problem("option-invalid", `The report has more than ${MAX_GROUPS} groups.`, {
        hint: "Ask for the largest with --top 100, for fewer columns, or for less with --where and a shorter period.",
      });
    }
    return decodeCostRows(rows, shape);
  };
}

type Periods = Awaited<ReturnType<typeof openLake>>["periods"];

function sourcesOf(periods: Periods): Explanation["sources"] {
  const names = [...new Set(periods.map(({ source, role }) => JSON.stringify([source, role])))].sort();
  return names.map((name) => {
    const [source, role] = JSON.parse(name) as [string, Role];
    const own = periods.filter((period) => period.source === source && period.role === role);
    return {
      source,
      role,
      billingPeriods: [...new Set(own.map(({ billingPeriod }) => billingPeriod))].sort(),
      asOf: Math.max(...own.map(({ updatedAt }) => updatedAt)),
    };
  });
}
