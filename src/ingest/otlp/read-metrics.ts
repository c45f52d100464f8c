import { decodeJsonMetrics } from "./decode-json-metrics.ts";
import { decodeMetrics } from "./decode-metrics.ts";
import { type OtlpLimits, otlpLimits } from "./limits.ts";
import type { MetricPoints, PointRejection } from "./metric-point.ts";
import type { PartialSuccess } from "./partial-success.ts";
import { type OtlpRequest, unpack } from "./read-traces.ts";

/** Metrics that something is made of: those of the GenAI conventions, and counts of outcomes. */
export const isTakenMetric = (name: string): boolean =>
  name.startsWith("gen_ai.") || name.startsWith(OUTCOME);

/** A metric of this name and a kind counts outcomes of that kind. */
export const OUTCOME = "plimsoll.outcome.";

/**
 * The points of a request to /v1/metrics.
 * @throws Problem "otlp-invalid", "input-too-large", "compression-broken"; then nothing of it has been taken
 */
export async function readMetrics(
  request: OtlpRequest,
  options: { readonly wanted?: (name: string) => boolean; readonly limits?: OtlpLimits } = {},
): Promise<MetricPoints> {
  const limits = options.limits ?? otlpLimits;
  const { body, isJson } = await unpack(request, limits);
  const wanted = options.wanted ?? isTakenMetric;
  return isJson ? decodeJsonMetrics(body, limits, wanted) : decodeMetrics(body, limits, wanted);
}

const reasons: Readonly<Record<PointRejection, string>> = {
  "no-temporality": "it is neither delta nor cumulative",
  "no-number": "its value is no number",
  "buckets-broken": "its buckets don't add up to its count",
  "time-missing": "it has no time",
  summary: "summaries have no buckets: send histograms",
  "unit-unknown": "its unit is none that it may have: tokens, s or ms",
  "not-a-count": "it is below zero, or may go down: it counts nothing",
  "time-implausible": "it is years old or of the future: check the clock of its machine",
  "name-invalid": "an outcome's kind has small letters, digits and hyphens",
  "out-of-range": "its value is larger than anything that is counted",
  "too-many-series": "more series are sent than are remembered",
};

/** What the answer says of points that were not taken. */
export function pointsPartialSuccess({ rejected }: Pick<MetricPoints, "rejected">): PartialSuccess {
  const found = Object.entries(rejected) as [PointRejection, number][];
  return {
    rejected: found.reduce((sum, [, count]) => sum + count, 0),
    message: found.map(([reason, count]) => `${count} × ${reason} (${reasons[reason]})`).join("; "),
  };
}
