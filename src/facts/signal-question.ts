import type { Granularity, Window } from "#units/window.ts";
import { Problem } from "#units/problems.ts";
import { type FilterOf, parseFilterOf } from "./cost-question.ts";
import { didYouMean } from "./nearest-names.ts";
import { type SignalDimension, signalDimensions } from "./signal-columns.ts";
import { type SignalName, signalNames } from "./signal.ts";

export type SignalFilter = FilterOf<SignalDimension>;

/** What is asked of signals. */
export interface SignalQuestion {
  /** All that there are where none is named. */
  readonly signals: readonly SignalName[];
  readonly by: readonly SignalDimension[];
  readonly where: readonly SignalFilter[];
  /** Of the five minutes that began in it. */
  readonly window: Window;
  /** Buckets of time; none sums the whole window. */
  readonly granularity?: Granularity;
}

const shortNames: Readonly<Record<string, SignalDimension>> = {
  model: "x_ModelId",
  workload: "Controller",
  kind: "ControllerKind",
  gpu: "Device",
};

/**
 * Reads a dimension: a column in any case, with or without its `x_`; `model`, `workload` (the controller), `kind` or `gpu`.
 * @throws Problem "column-unknown" with the nearest name
 */
export function parseSignalDimension(text: string): SignalDimension {
  const lower = text.toLowerCase();
  const found =
    shortNames[lower] ?? signalDimensions.find((name) => [lower, `x_${lower}`].includes(name.toLowerCase()));
  if (found !== undefined) return found;
  const all = [...signalDimensions, ...Object.keys(shortNames)];
  throw new Problem("column-unknown", `Signals have no column "${text}".${didYouMean(text, all)}`, {
    at: { column: text },
    hint: `The columns are ${all.join(", ")}.`,
  });
}

/**
 * Reads a filter on signals, written as those on charges are; regular expressions are not among them.
 * @throws Problem "filter-invalid", "column-unknown"
 */
export function parseSignalFilter(text: string): SignalFilter {
  const filter = parseFilterOf(text, parseSignalDimension);
  if (filter.kind !== "matches") return filter;
  throw new Problem("filter-invalid", `"${text}": signals are not filtered by regular expressions.`, {
    at: { value: text },
    hint: "Write Column~part for what a value holds.",
  });
}

/**
 * Reads the name of a signal, - counting as _.
 * @throws Problem "option-invalid" with the nearest name
 */
export function parseSignalName(text: string): SignalName {
  const found = signalNames.find((name) => name === text.toLowerCase().replaceAll("-", "_"));
  if (found !== undefined) return found;
  throw new Problem("option-invalid", `There is no signal "${text}".${didYouMean(text, signalNames)}`, {
    hint: `The signals are ${signalNames.join(", ")}.`,
  });
}
