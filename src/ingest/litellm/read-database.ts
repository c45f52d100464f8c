import type { Call } from "#facts/call.ts";
import type { RowOptions } from "#ingest/calls/call-row.ts";
import { type CallRows, CallsOfRows } from "#ingest/calls/calls-of-rows.ts";
import { readingDatabase, type ReadOnlyDatabase } from "#ingest/postgres/read-only.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { litellm } from "./map.ts";

export interface DatabaseOptions extends Omit<RowOptions, "hashKey"> {
  /** Only calls that began then or later. */
  readonly since: Instant | undefined;
  readonly pageRows?: number;
}

/** What is asked for. Prompts, answers and requests are not: they never leave the database. */
const columns =
  `request_id call_type api_key spend total_tokens prompt_tokens completion_tokens startTime endTime completionStartTime
  model model_id model_group custom_llm_provider api_base user team_id organization_id agent_id end_user session_id status cache_hit
  request_tags metadata`.split(/\s+/);
const required = ["request_id", "call_type", "startTime", "spend"];
const TABLE = "LiteLLM_SpendLogs";
const PAGE_ROWS = 2000;

/**
 * Reads LiteLLM's own table, in the order in which the calls began, page by page: each page is a short transaction that may only read, so
 * that a gateway that is at work is not held up, and a pooler may stand between.
 * @param url postgresql://user:password@host:port/database, with ?schema=… as LiteLLM's own DATABASE_URL has it
 * @returns what became of the rows
 * @throws Problem of `readingDatabase`; "source-not-found" without the table, "column-missing"
 */
export const callsOfDatabase = (
  url: string,
  options: DatabaseOptions,
): AsyncGenerator<readonly Call[], CallRows> =>
  readingDatabase(
    url,
    async function* (database) {
      const there = await columnsOf(database);
      const calls = new CallsOfRows(litellm, options);
      let after: Cursor = { start: options.since === undefined ? "-infinity" : utc(options.since), id: "" };
      for (let line = 1; ;) {
        const rows = await page(database, there, after, options.pageRows ?? PAGE_ROWS);
        for (const row of rows) calls.add({ line: line++, row });
        const made = calls.take();
        if (made.length > 0) yield made;
        const last = rows.at(-1);
        if (last === undefined) return calls.counts;
        after = { start: String(last["startTime"]), id: String(last["request_id"]) };
      }
    },
    "statement",
  );

interface Cursor {
  readonly start: string;
  readonly id: string;
}

/** Older LiteLLMs have fewer columns. */
async function columnsOf({ query, schema, place }: ReadOnlyDatabase): Promise<string[]> {
  const found = await query(
    "select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2",
    [schema, TABLE],
  );
  const there = new Set(found.map(({ name }) => String(name)));
  if (there.size === 0)
    throw new Problem(
      "source-not-found",
      `${place} has no table ${schema}."${TABLE}" that this user may see.`,
      {
        hint: "Give LiteLLM's own DATABASE_URL, with ?schema= where it has one, or grant select on the table.",
      },
    );
  const missing = required.filter((name) => !there.has(name));
  if (missing.length > 0)
    throw new Problem("column-missing", `"${TABLE}" in ${place} has no ${missing.join(", ")}.`, {
      hint: "It is not the table that LiteLLM writes; give LiteLLM's own DATABASE_URL.",
    });
  return columns.filter((name) => there.has(name));
}

function page(
  { query, schema }: ReadOnlyDatabase,
  there: readonly string[],
  { start, id }: Cursor,
  rows: number,
): Promise<Record<string, unknown>[]> {
  // As text no number loses a digit, and a time is what is written.
  const list = there.map((name) => `${quoted(name)}::text as ${quoted(name)}`).join(", ");
  // The first condition alone is one that an index on the time can answer.
  return query(
    `select ${list} from ${quoted(schema)}.${quoted(TABLE)} where "startTime" >= $1::timestamp
    and ("startTime", request_id) > ($1::timestamp, $2) order by "startTime", request_id limit ${rows}`,
    [start, id],
  );
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const utc = (time: Instant): string => new Date(time).toISOString().replace("T", " ").replace("Z", "");
