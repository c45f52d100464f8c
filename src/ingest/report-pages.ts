import { quoted } from "#facts/source-mapping.ts";
import { exactJson } from "./exact-json.ts";

/** The shape of an API's cost report: pages of buckets of time, each with its results. Fields are read as text. */
export interface PageShape {
  /** Members of a bucket that name its bounds. */
  readonly start: string;
  readonly end: string;
  /** Path of a result's member to its shape, as DuckDB's from_json takes it. */
  readonly result: Readonly<Record<string, unknown>>;
  /** Flat column to SQL over `result`. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Column with the first page that holds the bucket; another one means that the same time was delivered twice. */
const FIRST_PAGE = "first_page";
/** Column with a number that each page of each document of each file has to itself. */
const PAGE = "page";

/**
 * SQL of one row per result of all pages. A delivered document is a page or an array of pages; x_Row numbers the results of a file
 * from 1.
 */
export function resultRows({ start, end, result, columns }: PageShape): string {
  const shape = JSON.stringify([{ data: [{ [start]: "VARCHAR", [end]: "VARCHAR", results: [result] }] }]);
  const list = Object.entries(columns).map(
    ([name, sql]) => `nullif((${sql})::varchar, '') as ${quoted(name)}`,
  );
  const array = `case when json_type("json") = 'ARRAY' then "json" else '[' || "json" || ']' end`;
  return `select x_File, row_number() over (partition by x_File order by ${PAGE}, b, r) as x_Row, ${PAGE}, ${FIRST_PAGE}, ${[start, end].map(quoted).join(", ")}, ${list.join(", ")}
    from (select *, unnest(results) as result, generate_subscripts(results, 1) as r
      from (select x_File, ${PAGE}, b, bucket.${quoted(start)} as ${quoted(start)}, bucket.${quoted(end)} as ${quoted(end)}, bucket.results as results,
          min(${PAGE}) over (partition by bucket.${quoted(start)}) as ${FIRST_PAGE}
        from (select x_File, ${PAGE}, unnest(data) as bucket, generate_subscripts(data, 1) as b
          from (select x_File, x_File::bigint * 1000000000 + x_Row * 10000 + p as ${PAGE}, document.data as data
            from (select x_File, x_Row, unnest(documents) as document, generate_subscripts(documents, 1) as p
              from (select x_File, x_Row, from_json(${exactJson(array)}, '${shape}') as documents from delivered))))
        where len(bucket.results) > 0))`;
}

/** Refuses results of a bucket that came in another page before. */
export const overlapRefusal = (start: string) =>
  ({
    condition: `${PAGE} <> ${FIRST_PAGE}`,
    column: start,
    code: "delivery-overlaps",
    what: "begins a day that another page holds too; its cost would count twice",
    hint: "Request each day once, with one group_by, and deliver those pages only.",
  }) as const;
