import { createHash } from "node:crypto";
import { promotedTags } from "#facts/charge-columns.ts";
import type { SignalName, SignalSubject } from "#facts/signal.ts";
import type { Instant } from "#units/instant.ts";
import { KeptAttributes } from "#ingest/calls/kept-attributes.ts";
import type { MetricPoint, PointRejection } from "./metric-point.ts";
import { OUTCOME } from "./read-metrics.ts";
import type { Attributes, AttributeValue } from "./span.ts";
import { tokenMeasure } from "./token-measure.ts";

/** What becomes of a point: signals of a subject, or outcomes of a kind. */
export type MeasuredAs =
  | {
      readonly of: "signals";
      readonly subject: SignalSubject;
      /** Named after what it holds: the increase of the value or sum, of the number of observations, and their distribution. */
      readonly summed?: SignalName;
      readonly counted?: SignalName;
      readonly distribution?: SignalName;
    }
  | {
      readonly of: "outcomes";
      readonly kind: string;
      readonly success: boolean | null;
      readonly attributes: Readonly<Record<string, string>>;
    };

/** A point of a series that something is made of. */
export interface MeasuredPoint {
  /** The same for all points of a series since its start: a hash of its name, start, resource and attributes. */
  readonly series: string;
  /** The metric's name, and who sends it: a hash of the resource. */
  readonly name: string;
  readonly sender: string;
  readonly start: Instant | null;
  readonly time: Instant;
  readonly isCumulative: boolean;
  readonly sum: number;
  readonly count: number;
  readonly buckets: ReadonlyMap<number, number>;
  readonly as: MeasuredAs;
}

const OLDEST_MILLISECONDS = 2 * 366 * 86_400_000;
/** What the lake holds of one row. */
const MOST = { signals: 1e15, outcomes: 1e12 } as const;
const KIND = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Reads a point as what it means; `passed-over` where another metric says the same, or nothing of ours. */
export function measuredPoint(
  point: MetricPoint,
  now: Instant,
): MeasuredPoint | PointRejection | "passed-over" {
  const meaning = meaningOf(point);
  if (typeof meaning === "string") return meaning;
  const { as, factor } = meaning;
  const time = Math.floor(point.time / 1000);
  if (time > now + 86_400_000 || time < now - OLDEST_MILLISECONDS) return "time-implausible";
  if (point.kind === "gauge" || point.monotonic !== true) return "not-a-count";
  const { histogram } = point;
  const sum = histogram === null ? point.value : histogram.sum;
  if (as.of === "outcomes" || as.summed !== undefined) {
    if (sum === null || !Number.isFinite(sum)) return "no-number";
  }
  if ((sum ?? 0) < 0) return "not-a-count";
  const most = MOST[as.of];
  if ((histogram?.count ?? 0) >= most || (Number.isFinite(sum) && (sum ?? 0) * factor >= most))
    return "out-of-range";
  const bounds = histogram === null || histogram.counts.length === 0 ? [] : [...histogram.bounds, Infinity];
  return {
    series: seriesOf(point),
    name: point.name,
    sender: senderOf(point.resource),
    start: point.start === null ? null : Math.floor(point.start / 1000),
    time,
    isCumulative: point.temporality === "cumulative",
    sum: (Number.isFinite(sum) ? (sum ?? 0) : 0) * factor,
    count: histogram?.count ?? 0,
    buckets: new Map(bounds.map((bound, index) => [bound * factor, histogram?.counts[index] ?? 0])),
    as,
  };
}

interface Meaning {
  readonly as: MeasuredAs;
  /** From the point's unit to ours. */
  readonly factor: number;
}

function meaningOf(point: MetricPoint): Meaning | PointRejection | "passed-over" {
  if (point.name.startsWith(OUTCOME)) return outcomeMeaning(point);
  const tokens = tokenMeasure(point.name, point.attributes);
  if (tokens !== undefined) {
    // Parts of another measure, and distributions that may leave calls out, would count again.
    if (tokens.isSubset || !tokens.isTotal) return "passed-over";
    if (tokens.counts !== "input" && tokens.counts !== "output") return "passed-over";
    if (!TOKEN_UNITS.has(point.unit)) return "unit-unknown";
    const summed = tokens.counts === "input" ? "used_input_tokens" : "used_output_tokens";
    return { as: { of: "signals", subject: subjectOf(point), summed }, factor: 1 };
  }
  const distribution = durations[point.name];
  if (distribution === undefined || point.kind !== "histogram") return "passed-over";
  const factor = point.unit === "s" ? 1 : point.unit === "ms" ? 0.001 : undefined;
  if (factor === undefined) return "unit-unknown";
  const counted = counts[point.name]?.[point.attributes.has("error.type") ? 1 : 0];
  const subject = subjectOf(point);
  return {
    as: { of: "signals", subject, distribution, ...(counted === undefined ? {} : { counted }) },
    factor,
  };
}

const TOKEN_UNITS = new Set(["{token}", "{tokens}", "token", "tokens", "1", ""]);

/** @see semantic-conventions-genai gen-ai-metrics.md */
const durations: Readonly<Record<string, SignalName>> = {
  "gen_ai.client.operation.duration": "call_seconds",
  "gen_ai.client.operation.time_to_first_chunk": "first_chunk_seconds",
  "gen_ai.server.request.duration": "request_seconds",
  "gen_ai.server.time_to_first_token": "first_token_seconds",
  "gen_ai.server.time_per_output_token": "inter_token_seconds",
};
/** Of these each observation is a call: it ended well, or with an error. */
const counts: Readonly<Record<string, readonly [well: SignalName, failed: SignalName]>> = {
  "gen_ai.client.operation.duration": ["calls_finished", "calls_failed"],
  "gen_ai.server.request.duration": ["requests_finished", "requests_failed"],
};

function outcomeMeaning({ name, attributes, resource }: MetricPoint): Meaning | PointRejection {
  const kind = name.slice(OUTCOME.length);
  if (!KIND.test(kind)) return "name-invalid";
  const kept = new KeptAttributes();
  for (const [key, value] of [...attributes, ...resource]) if (key !== "success") kept.add(key, value);
  const success = attributes.get("success");
  const told =
    success === true || success === "true" ? true : success === false || success === "false" ? false : null;
  return { as: { of: "outcomes", kind, success: told, attributes: kept.values }, factor: 1 };
}

/** Who a series is of, as calls name it: the workload of its process, and the model that it tells. */
function subjectOf({ resource, attributes }: MetricPoint): SignalSubject {
  const of = (from: Attributes, ...names: readonly string[]): string =>
    names.map((name) => textOf(from.get(name))).find((text) => text !== "") ?? "";
  return {
    cluster: of(resource, "k8s.cluster.name"),
    namespace: of(resource, "k8s.namespace.name"),
    controllerKind: "",
    controller: workloadOf(attributes) || workloadOf(resource) || of(resource, "service.name"),
    model: of(attributes, "gen_ai.response.model", "gen_ai.request.model"),
    node: of(resource, "k8s.node.name"),
    device: "",
  };
}

function workloadOf(attributes: Attributes): string {
  for (const spelling of promotedTags.x_Workload)
    for (const [key, value] of attributes)
      if (key.toLowerCase().replaceAll(/[^a-z0-9]/g, "") === spelling) return textOf(value);
  return "";
}

const textOf = (value: AttributeValue | undefined): string =>
  typeof value === "string" && value.length <= 256 && !/[\r\n]/.test(value) ? value.trim() : "";

const seriesOf = ({ name, start, resource, attributes }: MetricPoint): string =>
  hashOf([name, start, senderOf(resource), sorted(attributes)]);

/** Points of one body share their resource. */
const senders = new WeakMap<Attributes, string>();

function senderOf(resource: Attributes): string {
  const known = senders.get(resource);
  if (known !== undefined) return known;
  const hash = hashOf(sorted(resource));
  senders.set(resource, hash);
  return hash;
}

const sorted = (from: Attributes): unknown[] => [...from].sort(([a], [b]) => (a < b ? -1 : 1));

const hashOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
