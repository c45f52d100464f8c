import type { Call } from "#facts/call.ts";
import type { RejectionReason, Rejections } from "#facts/call-rejection.ts";
import { Problem } from "#units/problems.ts";
import { langfuse } from "#ingest/langfuse/map.ts";
import { litellm } from "#ingest/litellm/map.ts";
import { batch } from "./batch-format.ts";
import type { CallFormat, RowOptions, RowRejection } from "./call-row.ts";
import { type PlacedRow, readRows } from "./read-rows.ts";

/** Formats of files of calls, in the order in which a file's columns are held against them. */
export const callFormats: readonly CallFormat[] = [litellm, langfuse, batch];

/** A row that was not taken. */
export interface RowFault extends RowRejection {
  /** The line it begins on, or its number in a JSON list. */
  readonly line: number;
}

export interface CallFile {
  readonly format: string;
  readonly rows: number;
  readonly calls: number;
  /** Rows that are no calls: steps around them, tools. */
  readonly passedOver: number;
  readonly rejected: Rejections;
  /** The first of them. */
  readonly faults: readonly RowFault[];
  /** Attributes of calls that were not kept, as texts, secrets or too many. */
  readonly leftOut: number;
}

const MOST_FAULTS = 100;
const BATCH = 5000;

/**
 * Reads a file of calls, recognised by its columns, batch by batch in little memory; rows that can't be taken are counted with their place.
 * @returns what was in it
 * @throws Problem as `readRows`, "format-unknown"; batches before it have been given on
 */
export async function* readCallFile(
  file: string,
  options: RowOptions,
): AsyncGenerator<readonly Call[], CallFile> {
  const rejected: Partial<Record<RejectionReason, number>> = {};
  const faults: RowFault[] = [];
  const count = { rows: 0, calls: 0, passedOver: 0, leftOut: 0 };
  let format: CallFormat | undefined;
  let calls: Call[] = [];
  const reject = (fault: RowFault): void => {
    rejected[fault.reason] = (rejected[fault.reason] ?? 0) + 1;
    if (faults.length < MOST_FAULTS) faults.push(fault);
  };
  for await (const placed of readRows(file)) {
    count.rows++;
    const { line, row } = placed;
    if (row === undefined) {
      reject({ line, reason: "field-invalid", field: "", message: "it is no JSON object" });
      continue;
    }
    format ??= recognise(placed, file);
    const read = format.read(row, options);
    if (read.kind === "no-call") count.passedOver++;
    else if (read.kind === "rejected")
      reject({ line, reason: read.reason, field: read.field, message: read.message });
    else {
      count.calls++;
      count.leftOut += read.leftOut;
      calls.push(read.call);
    }
    if (calls.length < BATCH) continue;
    yield calls;
    calls = [];
  }
  if (calls.length > 0) yield calls;
  if (format === undefined) throw new Problem("source-empty", `${file} holds no row.`, { at: { file } });
  return { format: format.name, ...count, rejected, faults };
}

function recognise({ row = {}, line }: PlacedRow, file: string): CallFormat {
  const columns = new Set(Object.keys(row));
  const found = callFormats.find((format) => format.isOf(columns));
  if (found !== undefined) return found;
  throw new Problem(
    "format-unknown",
    `${file}, row ${line}: these are the columns of no format of calls that is read.`,
    {
      at: { file, line, value: [...columns].join(", ").slice(0, 200) },
      hint: "LiteLLM's SpendLogs, Langfuse's observations and batches as in docs/calls-in.md are read.",
    },
  );
}
