import type { Instant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";
import type { RuleStrength } from "./attribution.ts";
import type { SightingSource, WorkloadField } from "./workload.ts";

/** What tags or labels declare, as they are written. */
export type Declared = Readonly<Partial<Record<WorkloadField | "workload" | "type", string>>>;

/** A value that a rule of `plimsoll.yaml` gives, and which one. */
export interface Ruled {
  readonly value: string;
  readonly rule: string;
  readonly strength: RuleStrength;
}

/** What an inference can be made from. */
export interface Traits {
  /** The kind in its source's own words: `Deployment`, `aws_sagemaker_endpoint`, FOCUS's ResourceType. */
  readonly kind: string;
  readonly services?: readonly string[];
  /** The providers' meters, such as `SpotUsage:p5.48xlarge`. */
  readonly meters?: readonly string[];
  readonly instanceTypes?: readonly string[];
  readonly images?: readonly string[];
  readonly gpuType?: string;
  /** GPUs that it asks for or has; 0 is known to be none. */
  readonly gpus?: number;
  /** True if it is billed by the token. */
  readonly tokens?: boolean;
  /** Words of the vocabulary found in its command; never the command itself, which may hold secrets. */
  readonly words?: readonly string[];
  /** Hours of machine time in the window, all machines of the resource together. */
  readonly machineHours?: number;
}

/** One resource, object or address as one source sees it. */
export interface Sighting {
  readonly source: SightingSource;
  readonly ref: string;
  readonly name?: string;
  /** What holds it: a sub account, a cluster's namespace, a module. Names are compared within one place. */
  readonly place: string;
  /** Identifiers by which another source would know the same thing; see `identifiersOf`. */
  readonly ids: readonly string[];
  /** Identifiers of what it is a part of: an attached volume's machine, a claim's controller. */
  readonly partOf?: readonly string[];
  /** Identifiers of what runs on it, for a node. */
  readonly hosts?: readonly string[];
  readonly declared: Declared;
  /** What rules say where tags don't, or against them. */
  readonly ruled?: Readonly<Partial<Record<keyof Declared, Ruled>>>;
  /** Values that are not declared but can be read off the object, with what says so. */
  readonly hints?: Readonly<
    Partial<Record<WorkloadField, { readonly value: string; readonly what: string }>>
  >;
  readonly traits: Traits;
  readonly first?: Instant;
  readonly last?: Instant;
  readonly costs?: readonly Money[];
  readonly unpricedCharges?: number;
}
