import type { Granularity, Window } from "#units/window.ts";
import { Problem } from "#units/problems.ts";
import { type CallColumn, storedCallColumns } from "./call-columns.ts";
import { type FilterOf, parseFilterOf } from "./cost-question.ts";
import { didYouMean } from "./nearest-names.ts";

/** What calls are grouped and filtered by: a column, or an attribute by its key. */
export type CallDimension =
  | { readonly kind: "column"; readonly column: CallColumn }
  | { readonly kind: "tag"; readonly key: string };
export type CallFilter = FilterOf<CallDimension>;

/** What is asked of calls. */
export interface CallQuestion {
  readonly by: readonly CallDimension[];
  readonly where: readonly CallFilter[];
  /** Of the calls that began in it. */
  readonly window: Window;
  /** Buckets of time; none sums the whole window. */
  readonly granularity?: Granularity;
}

/** The name of a dimension in results: the column's own, or `tag:key`. */
export const callDimensionName = (dimension: CallDimension): string =>
  dimension.kind === "column" ? dimension.column : `tag:${dimension.key}`;

/** The columns that calls are grouped by. */
const callDimensionNames = (Object.keys(storedCallColumns) as CallColumn[]).filter((name) =>
  ["text", "flag"].includes(storedCallColumns[name].type),
);

const shortNames: Readonly<Record<string, CallColumn>> = {
  model: "x_ModelId",
  region: "RegionId",
  error: "ErrorType",
  currency: "PricedCurrency",
  layer: "PriceLayer",
};

/**
 * Reads a dimension: a column in any case, with or without its `x_`; `model`, `region`, `error`, `currency`; or `tag:key`.
 * @throws Problem "column-unknown" with the nearest name
 */
export function parseCallDimension(text: string): CallDimension {
  const key = /^tag:(.+)$/s.exec(text)?.[1];
  if (key !== undefined) return { kind: "tag", key };
  const lower = text.toLowerCase();
  const column =
    shortNames[lower] ??
    callDimensionNames.find((name) => [lower, `x_${lower}`].includes(name.toLowerCase()));
  if (column !== undefined) return { kind: "column", column };
  throw new Problem(
    "column-unknown",
    `Calls have no column "${text}" to group by.${didYouMean(text, [...callDimensionNames, ...Object.keys(shortNames)])}`,
    {
      at: { column: text },
      hint: `Write tag:${text} for the attribute of that name. The columns are ${callDimensionNames.join(", ")}.`,
    },
  );
}

/**
 * Reads a filter on calls, written as those on charges are; regular expressions are not among them.
 * @throws Problem "filter-invalid", "column-unknown"
 */
export function parseCallFilter(text: string): CallFilter {
  const filter = parseFilterOf(text, parseCallDimension);
  if (filter.kind !== "matches") return filter;
  throw new Problem("filter-invalid", `"${text}": calls are not filtered by regular expressions.`, {
    at: { value: text },
    hint: "Write Column~part for what a value holds.",
  });
}
