import type { Outcome } from "#facts/outcome.ts";
import { type CellFault, cellText, strictRows } from "#ingest/strict-rows.ts";
import { outcomeFields, outcomeOf } from "./outcome-of.ts";

/**
 * Reads a CSV or JSON file of outcomes, gzipped or not, batch by batch. Columns: id, time, kind, and if there are any count, success, value, currency;
 * every other column of a CSV, and what stands in `labels` of JSON, is a label.
 * @returns how many outcomes there are
 * @throws Problem "outcomes-invalid" with file, row, column and value of the first rows that are wrong, and those of `readRows`
 */
export const readOutcomeFile = (file: string, source: string): AsyncGenerator<readonly Outcome[], number> =>
  strictRows(file, {
    code: "outcomes-invalid",
    hint: `The columns are ${outcomeFields.join(", ")}, and labels; docs/outcomes.md shows a file. Nothing was changed.`,
    read: (row) => readOutcome(row, source),
  });

/** A row of a file or of a query. */
export function readOutcome(
  row: Readonly<Record<string, unknown>>,
  source: string,
): { readonly value: Outcome } | { readonly faults: readonly CellFault[] } {
  const { labels = {}, ...cells } = row;
  const all: Readonly<Record<string, unknown>> = { ...(isObject(labels) ? labels : { labels }), ...cells };
  const texts = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, cellText(value)]));
  const read = outcomeOf(texts, source);
  if ("id" in read) return { value: read };
  return { faults: read.map(({ field, what }) => ({ column: field, value: all[field], what })) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
