import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the server tells of itself at /metrics. */
export interface ServerMetrics {
  readonly registry: Registry;
  readonly calls: Counter<"route">;
  readonly spans: Counter;
  readonly outcomes: Counter;
  readonly points: Counter;
  readonly rejected: Counter<"route" | "reason">;
  readonly refused: Counter<"route" | "code">;
  readonly bytes: Counter<"route">;
  readonly seconds: Histogram<"route">;
  readonly compactions: Counter<"outcome">;
  readonly compacted: Counter<"kind">;
  readonly lastCompaction: Gauge;
  readonly collections: Counter<"outcome">;
  readonly collected: Counter;
  readonly lastCollection: Gauge;
}

/** @param waitingBytes asked when the metrics are read */
export function serverMetrics(waitingBytes: () => Promise<number>): ServerMetrics {
  const registry = new Registry();
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []): Counter<T> =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const waiting: Gauge = new Gauge({
    name: "plimsoll_journal_bytes",
    help: "Bytes that were acknowledged and are not part of the lake yet.",
    registers: [registry],
    collect: async () => waiting.set(await waitingBytes()),
  });
  return {
    registry,
    calls: counter("plimsoll_calls_kept_total", "Calls that are durable, repeated ones too.", ["route"]),
    spans: counter("plimsoll_spans_read_total", "Spans that were read."),
    outcomes: counter("plimsoll_outcomes_kept_total", "Outcomes that are durable, repeated ones too."),
    points: counter(
      "plimsoll_metric_points_kept_total",
      "Points of OTLP metrics that are durable, repeated ones too.",
    ),
    rejected: counter("plimsoll_calls_rejected_total", "Calls and points that were not taken, by reason.", [
      "route",
      "reason",
    ]),
    refused: counter("plimsoll_requests_refused_total", "Requests of which nothing was taken, by code.", [
      "route",
      "code",
    ]),
    bytes: counter("plimsoll_request_bytes_total", "Bytes of bodies as they were sent.", ["route"]),
    seconds: new Histogram({
      name: "plimsoll_request_seconds",
      help: "Seconds from the body's end to the answer.",
      labelNames: ["route"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [registry],
    }),
    compactions: counter("plimsoll_compactions_total", "Compactions of the journal.", ["outcome"]),
    compacted: counter(
      "plimsoll_events_compacted_total",
      "Calls and outcomes that became part of the lake, and those that were there.",
      ["kind"],
    ),
    lastCompaction: gauge(
      "plimsoll_last_compaction_timestamp_seconds",
      "When the last compaction ended well.",
    ),
    collections: counter("plimsoll_collections_total", "Readings of the server of signals.", ["outcome"]),
    collected: counter("plimsoll_signal_points_collected_total", "Points of signals that were new."),
    lastCollection: gauge(
      "plimsoll_last_collection_timestamp_seconds",
      "When the server of signals was last read.",
    ),
  };
}
