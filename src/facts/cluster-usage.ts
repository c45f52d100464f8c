import type { Instant } from "#units/instant.ts";

/**
 * What a cluster ran in a window cut into equal steps. Long series are columns of typed arrays, so that 10,000 pods by 288 steps take
 * about 70 MB. Amounts are whole numbers: millionths of a core, KiB, parts of a GPU. UNKNOWN stands where nothing was measured.
 */
export interface ClusterUsage {
  readonly steps: Steps;
  readonly nodes: readonly ClusterNode[];
  readonly pods: readonly ClusterPod[];
  readonly containers: ContainerColumns;
  readonly devices: readonly GpuDevice[];
  readonly activities: readonly GpuActivity[];
  readonly holds: readonly GpuHold[];
  readonly volumes: readonly ClusterVolume[];
}

/** `count` steps of `stepSeconds` from `start` on; step i is start + i·step ≤ t < start + (i+1)·step. */
export interface Steps {
  readonly start: Instant;
  readonly stepSeconds: number;
  readonly count: number;
}

/** Stands in a column where nothing was measured; an amount is never negative. */
export const UNKNOWN = -1;

/** Parts of one GPU. The whole numbers up to 16 and 100 divide it: sevenths, time slices and per cents are exact. */
export const GPU_PARTS = 3_603_600;

/** Memory is counted in KiB. */
export const KIB_PER_GIB = 1_048_576;

export const MICRO = 1_000_000;

export interface ClusterNode {
  readonly cluster: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The machine as its provider names it, such as aws:///us-east-1a/i-0abc; undefined if not told, or if several had the name. */
  readonly providerId: string | undefined;
  /** Capacity; UNKNOWN if it isn't told. */
  readonly cpuMicroCores: number;
  readonly ramKib: number;
  /** Physical GPUs, whatever they are cut into. */
  readonly gpus: number;
  /** 1 for each step in which the node was seen. */
  readonly present: Uint8Array;
}

export interface ClusterPod {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty where the source has none; names are used again, uids are not. */
  readonly uid: string;
  /** Index of its node, UNKNOWN if it has none. */
  readonly node: number;
  /** What created it (Deployment, StatefulSet, Job, …); empty for a pod of its own. */
  readonly controllerKind: string;
  readonly controller: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes sent and received in the window; UNKNOWN if not measured. */
  readonly networkBytes: number;
}

/** Containers, one per index. The steps of container c are offset[c] ≤ i < offset[c + 1]; i belongs to step first[c] + i − offset[c]. */
export interface ContainerColumns {
  readonly name: readonly string[];
  readonly pod: Int32Array;
  readonly first: Int32Array;
  /** One longer than the others. */
  readonly offset: Int32Array;
  /** 1 where the container was there and is charged; 0 where it was not, or its image could not be pulled. */
  readonly charged: Uint8Array;
  /** Millionths of a core; UNKNOWN if none was requested or measured. */
  readonly cpuRequest: Int32Array;
  readonly cpuUsage: Int32Array;
  /** KiB; UNKNOWN if none was requested or measured. */
  readonly ramRequest: Float64Array;
  readonly ramUsage: Float64Array;
}

/** One physical GPU. */
export interface GpuDevice {
  readonly node: number;
  readonly id: string;
  readonly model: string;
}

/** Metrics that say how busy a GPU is, the best first. */
export const gpuActivityMetrics = [
  "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
  "DCGM_FI_PROF_SM_ACTIVE",
  "DCGM_FI_DEV_GPU_UTIL",
] as const;
export type GpuActivityMetric = (typeof gpuActivityMetrics)[number];

/** Samples of a GPU or a MIG instance, one per step of the window. Who shares it shares them: they are never added. */
export interface GpuActivity {
  readonly metric: GpuActivityMetric | undefined;
  /** Millionths of full activity, 0 to 1,000,000; UNKNOWN in gaps. */
  readonly engine: Int32Array;
  /** Memory held, MiB; UNKNOWN in gaps. */
  readonly memoryMib: Int32Array;
}

/** A container holds a share of a GPU in the steps where `held` is 1. */
export interface GpuHold {
  readonly container: number;
  /** Index of the device; UNKNOWN if only the number of GPUs is known. */
  readonly device: number;
  /** Index of the activity; UNKNOWN if none was measured. */
  readonly activity: number;
  /** Its share in GPU_PARTS; several whole GPUs where the device is unknown. */
  readonly parts: number;
  readonly held: Uint8Array;
}

/** A persistent volume claim and the pods that mount it. */
export interface ClusterVolume {
  readonly cluster: string;
  readonly namespace: string;
  readonly claim: string;
  readonly storageClass: string;
  /** Requested capacity, bytes. */
  readonly requestedBytes: number;
  /** 1 for each step in which the claim was there. */
  readonly present: Uint8Array;
  /** Mounts: pod index and the steps in which it mounts. */
  readonly mounts: readonly { readonly pod: number; readonly held: Uint8Array }[];
}
