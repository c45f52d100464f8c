import type { EventColumn, EventRow, EventSum, EventTable } from "./event-table.ts";
import type { SignalPoint } from "./signal.ts";

/** The columns of signals, in stored order. A subject is named as Kubernetes names it; what a point doesn't name is empty. */
export const signalColumns = {
  x_Source: { type: "text", what: "the server or file that it was read from", required: true },
  Time: { type: "time", what: "the start of five minutes", required: true },
  Signal: { type: "text", what: "what was measured, such as requests_waiting", required: true },
  Cluster: { type: "text", what: "the cluster" },
  Namespace: { type: "text", what: "the namespace" },
  ControllerKind: { type: "text", what: "Deployment, StatefulSet, Job, …" },
  Controller: { type: "text", what: "the controller, else the pod: the workload" },
  x_ModelId: { type: "text", what: "the model that a server names" },
  Node: { type: "text", what: "the node" },
  Device: { type: "text", what: "a GPU's UUID or index" },
  Lower: { type: "text", what: "of a histogram's bucket: observations above this" },
  Upper: { type: "text", what: "and up to this; Inf for all that are above" },
  Sum: { type: "measure", what: "sum of what was measured; see SignalKind", required: true },
  Max: { type: "measure", what: "the highest value of a gauge" },
  Count: { type: "measure", what: "series, or observations of a histogram", required: true },
  Series: { type: "text", what: "of a point that was sent: the series that it is of, by a hash" },
  Until: { type: "time", what: "of a point that was sent: when it was measured" },
  TotalSum: { type: "measure", what: "of a cumulative series: its value then, or its sum" },
  TotalCount: { type: "measure", what: "of a cumulative series: its observations until then" },
  Totals: {
    type: "counts",
    what: "of a cumulative histogram: its observations by the upper bounds of its buckets",
  },
} as const satisfies Record<string, EventColumn>;
export type SignalColumn = keyof typeof signalColumns;

/** What a signal is of: by these points are kept apart, and grouped and filtered when they are asked for. */
export const signalDimensions = [
  "x_Source",
  "Signal",
  "Cluster",
  "Namespace",
  "ControllerKind",
  "Controller",
  "x_ModelId",
  "Node",
  "Device",
] as const satisfies readonly SignalColumn[];
export type SignalDimension = (typeof signalDimensions)[number];

const sums = {
  Rows: { type: "count", sql: "count(*)" },
  // What is sent comes at moments of its own, and tells no gaps.
  Points: { type: "count", sql: `sum(case when "Series" is null then 1 else 0 end)` },
  Sum: { type: "measure", sql: `sum("Sum")` },
  Max: { type: "measure", sql: `max("Max")`, again: "max" },
  Count: { type: "measure", sql: `sum("Count")` },
} as const satisfies Record<string, EventSum>;

/** Signals of workloads: what the lake keeps of them. Buckets of histograms are kept by their bounds, so they add up over any time. */
export const signalsTable: EventTable = {
  name: "signals",
  columns: signalColumns,
  key: [...signalDimensions, "Lower", "Upper", "Time", "Series", "Until"],
  time: "Time",
  rollup: { dimensions: [...signalDimensions, "Lower", "Upper"], sums },
};

/** A point as a row of `signals`. */
export const signalRow = (source: string, point: SignalPoint): EventRow => ({
  x_Source: source,
  Time: point.time,
  Signal: point.signal,
  Cluster: point.cluster,
  Namespace: point.namespace,
  ControllerKind: point.controllerKind,
  Controller: point.controller,
  x_ModelId: point.model,
  Node: point.node,
  Device: point.device,
  Lower: boundText(lowest(point)),
  Upper: boundText(point.upper),
  Sum: point.sum,
  Max: point.max ?? null,
  Count: point.count,
  Series: null,
  Until: null,
  TotalSum: null,
  TotalCount: null,
  Totals: null,
});

/** The first bucket of a histogram has no end below; of what is never below zero, such as a duration, it begins there. */
const lowest = ({ lower, upper = 0 }: SignalPoint): number | undefined =>
  lower === -Infinity && upper > 0 ? 0 : lower;

/** A bound as it is kept. */
const boundText = (bound: number | undefined): string | null =>
  bound === undefined ? null : String(bound).replace("Infinity", "Inf");
/** A bound as it was kept. */
export const boundOf = (text: string): number => Number(text.replace("Inf", "Infinity"));
