import type { SignalName } from "#facts/signal.ts";

/** A metric that tells a signal. */
export interface SignalMetric {
  readonly name: string;
  /** Conditions on its labels, such as `request_type="waiting"`. */
  readonly matchers?: string;
  /** What its values are multiplied by to be in the signal's unit: 0.001 for milliseconds. */
  readonly scale?: number;
}

/** Where a signal is read from. Sources of one signal add up. */
export interface SignalSource {
  readonly signal: SignalName;
  /**
   * Names of one measure, the best first: programs rename what they tell, and of one subject only the first that is there counts.
   * Of a histogram these are names without `_bucket`, `_sum` and `_count`.
   */
  readonly metrics: readonly (string | SignalMetric)[];
  /** A label that names the model. */
  readonly model?: string;
  /** A measure told as two counters, its sum and its number, without buckets. */
  readonly mean?: { readonly sum: SignalMetric; readonly count: SignalMetric };
}

/** What one kind of program tells. */
export interface SignalMap {
  /** vllm, sglang, dcgm-exporter, … */
  readonly program: string;
  /** Whom its series name: a pod, a GPU and its pod, a node, or a controller. */
  readonly subject: "pod" | "gpu" | "node" | "deployment" | "job";
  readonly sources: readonly SignalSource[];
}
