import {
  type ClusterUsage,
  type ClusterVolume,
  type GpuActivity,
  type GpuDevice,
  type GpuHold,
  KIB_PER_GIB,
  MICRO,
  UNKNOWN,
} from "#facts/cluster-usage.ts";
import { containerColumns } from "#facts/container-columns.ts";

/** A container as a person writes it: cores and GiB; the same in every step, or one per step. */
export interface Ran {
  readonly pod: string;
  readonly node: string;
  readonly namespace?: string;
  readonly container?: string;
  readonly controller?: string;
  readonly first?: number;
  readonly steps?: number;
  readonly cpu?: number;
  readonly cpuUsed?: number;
  readonly gib?: number;
  readonly gibUsed?: number;
  /** Steps in which it is not charged. */
  readonly notCharged?: readonly number[];
}

export interface Machine {
  readonly name: string;
  readonly cluster?: string;
  readonly cpu: number;
  readonly gib: number;
  readonly gpus?: number;
  /** Steps in which it was not seen. */
  readonly unseen?: readonly number[];
}

export interface Written {
  readonly steps: number;
  readonly stepSeconds?: number;
  readonly nodes: readonly Machine[];
  readonly containers: readonly Ran[];
  readonly devices?: readonly GpuDevice[];
  readonly activities?: readonly GpuActivity[];
  readonly holds?: readonly GpuHold[];
  readonly volumes?: readonly ClusterVolume[];
  readonly networkBytes?: number;
}

/** A window of usage from few words. Each container is a pod of its own. */
export function usageOf(written: Written): ClusterUsage {
  const { steps, nodes, containers } = written;
  const columns = containerColumns(
    containers.map(({ pod, container = "main", first = 0, steps: own = steps - first }, index) => ({
      name: pod === container ? pod : container,
      pod: index,
      first,
      steps: own,
    })),
  );
  containers.forEach(({ cpu, cpuUsed, gib, gibUsed, notCharged = [] }, index) => {
    const from = columns.offset[index] ?? 0;
    const to = columns.offset[index + 1] ?? 0;
    columns.charged.fill(1, from, to);
    for (const step of notCharged) columns.charged[from + step] = 0;
    const micro = (cores: number | undefined): number =>
      cores === undefined ? UNKNOWN : Math.round(cores * MICRO);
    const kib = (gibibytes: number | undefined): number =>
      gibibytes === undefined ? UNKNOWN : Math.round(gibibytes * KIB_PER_GIB);
    columns.cpuRequest.fill(micro(cpu), from, to);
    columns.cpuUsage.fill(micro(cpuUsed), from, to);
    columns.ramRequest.fill(kib(gib), from, to);
    columns.ramUsage.fill(kib(gibUsed), from, to);
  });
  return {
    steps: { start: 0, stepSeconds: written.stepSeconds ?? 3600, count: steps },
    nodes: nodes.map(({ name, cluster = "c", cpu, gib, gpus = 0, unseen = [] }) => ({
      cluster,
      name,
      labels: {},
      providerId: undefined,
      cpuMicroCores: Math.round(cpu * MICRO),
      ramKib: Math.round(gib * KIB_PER_GIB),
      gpus,
      present: Uint8Array.from({ length: steps }, (_, step) => (unseen.includes(step) ? 0 : 1)),
    })),
    pods: containers.map(({ pod, node, namespace = "default", controller = "" }) => ({
      cluster: "c",
      namespace,
      name: pod,
      uid: "",
      node: nodes.findIndex(({ name }) => name === node),
      controllerKind: controller === "" ? "" : "Deployment",
      controller,
      labels: {},
      networkBytes: written.networkBytes ?? UNKNOWN,
    })),
    containers: columns,
    devices: written.devices ?? [],
    activities: written.activities ?? [],
    holds: written.holds ?? [],
    volumes: written.volumes ?? [],
  };
}

/** Held in every step of the window. */
export const always = (steps: number): Uint8Array => new Uint8Array(steps).fill(1);

/** The same activity in every step: millionths and MiB. */
export const steadily = (steps: number, engine: number, memoryMib: number): GpuActivity => ({
  metric: engine === UNKNOWN ? undefined : "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
  engine: new Int32Array(steps).fill(engine),
  memoryMib: new Int32Array(steps).fill(memoryMib),
});
