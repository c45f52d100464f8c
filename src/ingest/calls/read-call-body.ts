import type { Call } from "#facts/call.ts";
import type { RejectionReason, Rejections } from "#facts/call-rejection.ts";
import { jsonTexts } from "#ingest/nesting.ts";
import { inflateBody } from "#ingest/otlp/inflate-body.ts";
import { type OtlpLimits, otlpLimits } from "#ingest/otlp/limits.ts";
import { Problem } from "#units/problems.ts";
import { batch } from "./batch-format.ts";
import { exactNumbers, type Row, type RowOptions } from "./call-row.ts";
import type { RowFault } from "./calls-of-rows.ts";

/** Calls of a request's body. */
export interface CallBody {
  readonly calls: readonly Call[];
  readonly rows: number;
  readonly rejected: Rejections;
  /** The first of them; `line` is the row's number from 1. */
  readonly faults: readonly RowFault[];
}

const MOST_ROWS = 100_000;
const MOST_FAULTS = 20;

/**
 * The calls of a batch in our own format: a JSON list, an object with `calls`, or JSON lines.
 * @throws Problem "json-invalid", "input-too-large", "compression-broken"; then nothing of it has been taken
 */
export async function readCallBody(
  body: Uint8Array,
  encoding: string | undefined,
  options: RowOptions,
  limits: OtlpLimits = otlpLimits,
): Promise<CallBody> {
  const text = (await inflateBody(body, encoding, limits.jsonBytes, limits)).toString("utf8");
  const rows = jsonTexts(text.replace(/^\uFEFF/, ""), "the body").flatMap(rowsOf);
  if (rows.length > MOST_ROWS)
    throw new Problem(
      "input-too-large",
      `The body holds ${rows.length} calls; ${MOST_ROWS} are taken at once.`,
      {
        hint: "Send smaller batches.",
      },
    );
  const calls: Call[] = [];
  const faults: RowFault[] = [];
  const rejected: Partial<Record<RejectionReason, number>> = {};
  rows.forEach((row, index) => {
    const read = batch.read(row, options);
    if (read.kind === "call") calls.push(read.call);
    if (read.kind !== "rejected") return;
    const { reason, field, message } = read;
    rejected[reason] = (rejected[reason] ?? 0) + 1;
    if (faults.length < MOST_FAULTS) faults.push({ line: index + 1, reason, field, message });
  });
  return { calls, rows: rows.length, rejected, faults };
}

function rowsOf(text: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(exactNumbers(text));
  } catch (cause) {
    throw new Problem("json-invalid", "The body is no JSON.", {
      cause,
      hint: "Send a list of calls, or a call a line.",
    });
  }
  if (Array.isArray(value)) return value.map(rowOf);
  const calls = (value as { readonly calls?: unknown }).calls;
  return Array.isArray(calls) ? calls.map(rowOf) : [rowOf(value)];
}

/** What is no object is refused as a row without anything. */
const rowOf = (value: unknown): Row =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : {};
