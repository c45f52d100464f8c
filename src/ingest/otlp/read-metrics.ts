import { decodeJsonMetrics } from "./decode-json-metrics.ts";
import { decodeMetrics } from "./decode-metrics.ts";
import { type OtlpLimits, otlpLimits } from "./limits.ts";
import type { MetricPoints, PointRejection } from "./metric-point.ts";
import type { PartialSuccess } from "./partial-success.ts";
import { type OtlpRequest, unpack } from "./read-traces.ts";

/** Metrics of the GenAI conventions, of clients and servers. */
export const isGenAiMetric = (name: string): boolean => name.startsWith("gen_ai.");

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
  const wanted = options.wanted ?? isGenAiMetric;
  return isJson ? decodeJsonMetrics(body, limits, wanted) : decodeMetrics(body, limits, wanted);
}

const reasons: Readonly<Record<PointRejection, string>> = {
  "no-temporality": "it is neither delta nor cumulative",
  "no-number": "its value is no number",
  "buckets-broken": "its buckets don't add up to its count",
  "time-missing": "it has no time",
  summary: "summaries have no buckets: send histograms",
};

/** What the answer says of points that were not taken. */
export function pointsPartialSuccess({ rejected }: Pick<MetricPoints, "rejected">): PartialSuccess {
  const found = Object.entries(rejected) as [PointRejection, number][];
  return {
    rejected: found.reduce((sum, [, count]) => sum + count, 0),
    message: found.map(([reason, count]) => `${count} × ${reason} (${reasons[reason]})`).join("; "),
  };
}
