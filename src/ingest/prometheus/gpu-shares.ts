import { GPU_PARTS } from "#facts/cluster-usage.ts";
import { type GpuGrant, gpuShare } from "#facts/gpu-share.ts";
import type { GpuRequests } from "./read-containers.ts";

/** What is known of a container's hold on a GPU. */
export interface Holding {
  /** MIG profile of the instance; undefined for a GPU that isn't cut. */
  readonly profile: string | undefined;
  /** Such as "NVIDIA A100-SXM4-80GB". */
  readonly model: string;
  readonly requests: GpuRequests;
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** GPUs that the container was seen on. */
  readonly devices: number;
}

/** The parts of one GPU that a container holds, by what is known best: MIG profile, HAMi request, replicas of its node, else all. */
export function heldParts(holding: Holding): number {
  const { profile, model, requests, nodeLabels, devices } = holding;
  const memoryGb = Number(/(\d+)\s?GB/.exec(model)?.[1] ?? NaN);
  if (profile !== undefined && profile !== "") return gpuShare(migGrant(profile, model, memoryGb));
  const vgpu = vgpuGrant(requests, nodeLabels);
  if (vgpu !== undefined) return gpuShare(vgpu);
  const replicas = Number(nodeLabels["nvidia_com_gpu_replicas"] ?? 1);
  if (!(replicas > 1)) return GPU_PARTS;
  const asked = requests.get("nvidia_com_gpu_shared") ?? requests.get("nvidia_com_gpu") ?? 1;
  const turns = Math.max(1, asked / Math.max(1, devices));
  return Math.min(GPU_PARTS, Math.floor(gpuShare({ kind: "time-slice", replicas }) * turns));
}

/** What a container asked for where no sample says on which GPU it is; 0 if it asked for none. */
export function requestedParts(requests: GpuRequests, nodeLabels: Readonly<Record<string, string>>): number {
  const replicas = Math.max(1, Number(nodeLabels["nvidia_com_gpu_replicas"] ?? 1) || 1);
  const vgpu = vgpuGrant(requests, nodeLabels);
  let parts = 0;
  for (const [resource, count] of requests) {
    const profile = /^nvidia_com_mig_(?:(\d)c_)?(\d)g_(\d+)gb/.exec(resource);
    if (profile !== null) parts += count * gpuShare(migGrant(migName(profile), "", NaN));
    else if (/^(nvidia_com_gpu|nvidia_com_gpu_shared|amd_com_gpu)$/.test(resource))
      parts += count * (vgpu === undefined ? GPU_PARTS / replicas : gpuShare(vgpu));
  }
  return Math.floor(parts);
}

const migName = ([, instances, slices, memory]: RegExpExecArray): string =>
  `${instances === undefined ? "" : `${instances}c.`}${slices}g.${memory}gb`;

/** An A30 has four slices; every other GPU that MIG cuts has seven. */
const migGrant = (profile: string, model: string, memoryGb: number): GpuGrant => ({
  kind: "mig",
  profile,
  slices: /\bA30\b/.test(model) ? 4 : 7,
  memoryGb: memoryGb > 0 ? memoryGb : undefined,
});

/** HAMi: per cent of the cores, and of the memory directly or as MiB of the GPU's. */
function vgpuGrant(
  requests: GpuRequests,
  nodeLabels: Readonly<Record<string, string>>,
): GpuGrant | undefined {
  const cores = requests.get("nvidia_com_gpucores") ?? 0;
  const whole = Number(nodeLabels["nvidia_com_gpu_memory"] ?? NaN);
  const mib = requests.get("nvidia_com_gpumem");
  const memory =
    requests.get("nvidia_com_gpumem_percentage") ??
    (mib !== undefined && whole > 0 ? (100 * mib) / whole : 0);
  if (cores <= 0 && memory <= 0) return undefined;
  return { kind: "vgpu", corePercent: cores, memoryPercent: memory };
}
