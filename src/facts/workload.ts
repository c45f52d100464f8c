import type { Instant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";

/** What a workload is for. `unknown` is an answer: nothing that was seen tells. */
export const workloadTypes = [
  "training",
  "fine-tuning",
  "batch-inference",
  "real-time-endpoint",
  "notebook",
  "vector-database",
  "bucket",
  "dataset",
  "pipeline",
  "cpu-service",
  "unknown",
] as const;
export type WorkloadType = (typeof workloadTypes)[number];

/** What can be declared of a workload, beside its type. */
export const workloadFields = ["owner", "team", "environment", "model", "costCenter"] as const;
export type WorkloadField = (typeof workloadFields)[number];

/**
 * Where a value comes from, the strongest first: a person decided it, a tag or label declares it, a rule for untagged resources
 * gives it, or it was inferred from what was seen.
 */
export const bases = ["decided", "declared", "rule", "inferred"] as const;
export type Basis = (typeof bases)[number];

/**
 * How far a value can be trusted. high: stated by a person, a tag or a label, or the resource can't be anything else. medium: usually
 * so, as its image, SKU or neighbours say. low: only its name or the hours in which it runs suggest it.
 */
export const confidences = ["high", "medium", "low"] as const;
export type Confidence = (typeof confidences)[number];

/** What looked at a workload. */
export type SightingSource = "charges" | "kubernetes" | "terraform";

/** One thing that was seen, and where, so that a reader can look it up. */
export interface Evidence {
  readonly source: SightingSource | "decision" | "rule";
  /** A resource id, a Kubernetes object or a Terraform address; who decided, for a decision. */
  readonly ref: string;
  readonly what: string;
}

/** A value with its reasons. The first evidence carries it, the others agree or contradict. */
export interface Known<T> {
  readonly value: T;
  readonly basis: Basis;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** One thing of a source that belongs to a workload, and why it is counted there. */
export interface Member {
  readonly source: SightingSource;
  readonly ref: string;
  readonly name?: string;
  readonly link: { readonly basis: Basis; readonly confidence: Confidence; readonly what: string };
}

/** One workload. A field that nothing tells is absent: unknown, not empty. */
export interface Workload extends Readonly<Partial<Record<WorkloadField, Known<string>>>> {
  /** What its tags call it; where none do, the place and the name of what was seen. */
  readonly id: string;
  readonly name: string;
  readonly type: Known<WorkloadType>;
  readonly members: readonly Member[];
  readonly firstSeen?: Instant;
  /** The end of the last charge, or the last time that a cluster's object tells. */
  readonly lastSeen?: Instant;
  /** EffectiveCost of the window per currency; empty where no charge was seen, which is not zero. */
  readonly costs: readonly Money[];
  /** Charges whose EffectiveCost is unknown: not in `costs`. */
  readonly unpricedCharges: number;
  /** GPUs that its running objects ask a cluster for; absent where no cluster was seen. */
  readonly gpusRequested?: number;
}

/** A value that a person decided; where it is kept is no matter of the inventory. */
export interface Assignment {
  /** The workload's id, in any case. */
  readonly workload: string;
  readonly field: WorkloadField | "type";
  readonly value: string;
  /** Who decided. */
  readonly by: string;
  readonly why: string;
}
