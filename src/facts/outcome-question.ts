import type { Granularity, Window } from "#units/window.ts";
import { Problem } from "#units/problems.ts";
import { type FilterOf, parseFilterOf } from "./cost-question.ts";
import { didYouMean } from "./nearest-names.ts";
import { type OutcomeDimension, outcomeDimensions } from "./outcome-columns.ts";

export type OutcomeKey =
  | { readonly kind: "column"; readonly column: OutcomeDimension }
  | { readonly kind: "tag"; readonly key: string };
export type OutcomeFilter = FilterOf<OutcomeKey>;

/** What is asked of outcomes. */
export interface OutcomeQuestion {
  readonly by: readonly OutcomeKey[];
  readonly where: readonly OutcomeFilter[];
  readonly window: Window;
  /** Buckets of time; none sums the whole window. */
  readonly granularity?: Granularity;
}

/** The name of a dimension in results: the column's own, or `tag:key`. */
export const outcomeKeyName = (key: OutcomeKey): string =>
  key.kind === "column" ? key.column : `tag:${key.key}`;

/**
 * Reads a dimension: a column in any case, with or without its `x_`, `model`, or `tag:key` for a label.
 * @throws Problem "column-unknown" with the nearest name
 */
export function parseOutcomeKey(text: string): OutcomeKey {
  const key = /^tag:(.+)$/s.exec(text)?.[1];
  if (key !== undefined) return { kind: "tag", key };
  const lower = text.toLowerCase() === "model" ? "modelid" : text.toLowerCase();
  const column = outcomeDimensions.find((name) => [lower, `x_${lower}`].includes(name.toLowerCase()));
  if (column !== undefined) return { kind: "column", column };
  throw new Problem(
    "column-unknown",
    `Outcomes have no column "${text}".${didYouMean(text, outcomeDimensions)}`,
    {
      at: { column: text },
      hint: `Write tag:${text} for the label of that name. The columns are ${outcomeDimensions.join(", ")}.`,
    },
  );
}

/**
 * Reads a filter on outcomes, written as those on charges are; regular expressions are not among them.
 * @throws Problem "filter-invalid", "column-unknown"
 */
export function parseOutcomeFilter(text: string): OutcomeFilter {
  const filter = parseFilterOf(text, parseOutcomeKey);
  if (filter.kind !== "matches") return filter;
  throw new Problem("filter-invalid", `"${text}": outcomes are not filtered by regular expressions.`, {
    at: { value: text },
    hint: "Write Column~part for what a value holds.",
  });
}
