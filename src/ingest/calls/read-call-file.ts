import type { Call } from "#facts/call.ts";
import { Problem } from "#units/problems.ts";
import { anthropicUsage } from "#ingest/anthropic/usage.ts";
import { langfuse } from "#ingest/langfuse/map.ts";
import { litellm } from "#ingest/litellm/map.ts";
import { openaiUsage } from "#ingest/openai/usage.ts";
import { batch } from "./batch-format.ts";
import type { CallFormat, RowOptions } from "./call-row.ts";
import { type CallRows, CallsOfRows } from "./calls-of-rows.ts";
import { type PlacedRow, readRows } from "./read-rows.ts";
import { resultsIn } from "./usage-buckets.ts";

/** Formats of files of calls, in the order in which a file's columns are held against them. */
export const callFormats: readonly CallFormat[] = [litellm, langfuse, openaiUsage, anthropicUsage, batch];

/** What became of a file's rows. */
export interface CallFile extends CallRows {
  readonly format: string;
}

/**
 * Reads a file of calls, recognised by its columns, batch by batch in little memory; rows that can't be taken are counted with their place.
 * @returns what was in it
 * @throws Problem as `readRows`, "format-unknown"; batches before it have been given on
 */
export async function* readCallFile(
  file: string,
  options: RowOptions,
): AsyncGenerator<readonly Call[], CallFile> {
  let format: CallFormat | undefined;
  let calls: CallsOfRows | undefined;
  // Rows that are none tell no format; they are counted once another one does.
  const none: PlacedRow[] = [];
  for await (const placed of resultsIn(readRows(file))) {
    if (calls === undefined && placed.row === undefined) none.push(placed);
    else {
      format ??= recognise(placed, file);
      calls ??= new CallsOfRows(format, options);
      for (const each of none.splice(0)) calls.add(each);
      if (calls.add(placed)) yield calls.take();
    }
  }
  if (format === undefined || calls === undefined)
    throw new Problem("source-empty", `${file} holds no row.`, { at: { file } });
  const rest = calls.take();
  if (rest.length > 0) yield rest;
  return { format: format.name, ...calls.counts };
}

function recognise({ row = {}, line }: PlacedRow, file: string): CallFormat {
  const columns = new Set(Object.keys(row));
  const found = callFormats.find((format) => format.isOf(columns));
  if (found !== undefined) return found;
  if (columns.has("amount") && (columns.has("start_time") || columns.has("starting_at")))
    throw new Problem("format-unknown", `${file} is a provider's cost report: a bill, not calls.`, {
      at: { file },
      hint: "Bring it in by plimsoll import; the usage report of the same days holds the tokens.",
    });
  throw new Problem(
    "format-unknown",
    `${file}, row ${line}: these are the columns of no format of calls that is read.`,
    {
      at: { file, line, value: [...columns].join(", ").slice(0, 200) },
      hint: "LiteLLM's SpendLogs, Langfuse's observations, usage reports of OpenAI and Anthropic, and batches as in docs/calls-in.md are read.",
    },
  );
}
