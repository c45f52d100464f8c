import { GPU_PARTS } from "./cluster-usage.ts";
import { Problem } from "#units/problems.ts";

/** How a GPU is given to a container. */
export type GpuGrant =
  | { readonly kind: "whole" }
  /** A MIG instance; `slices` of the whole GPU (7; 4 on an A30), and its memory in GB where it is known. */
  | {
      readonly kind: "mig";
      readonly profile: string;
      readonly slices?: number;
      readonly memoryGb?: number | undefined;
    }
  /** One of `replicas` that take turns. */
  | { readonly kind: "time-slice"; readonly replicas: number }
  /** CUDA MPS: active thread percentage. */
  | { readonly kind: "mps"; readonly percent: number }
  /** HAMi: per cent of the cores and of the memory; the larger one counts, since it keeps others out. */
  | { readonly kind: "vgpu"; readonly corePercent: number; readonly memoryPercent?: number | undefined };

/** A MIG profile: 1g.10gb, 3g.40gb, 1g.10gb+me, and a compute instance of one, 1c.3g.40gb. */
const PROFILE = /^(?:(\d)c\.)?(\d)g\.(\d{1,3})gb(?:[+-].*)?$/i;

/**
 * The share of one GPU in parts of GPU_PARTS, rounded down.
 * A MIG instance takes compute slices and memory; the larger share counts, since what it leaves of the other can't be used
 * by itself: 3g.40gb is half of an 80 GB GPU.
 * @throws Problem "not-positive" for a share of nothing, "option-invalid" for a profile that is none
 * @see NVIDIA MIG user guide, supported profiles; HAMi device sharing
 */
export function gpuShare(grant: GpuGrant): number {
  switch (grant.kind) {
    case "whole":
      return GPU_PARTS;
    case "mig":
      return migShare(grant.profile, grant.slices ?? 7, grant.memoryGb);
    case "time-slice":
      return part(1, grant.replicas);
    case "mps":
      return part(grant.percent, 100);
    case "vgpu":
      return part(Math.max(grant.corePercent, grant.memoryPercent ?? 0), 100);
  }
}

function migShare(profile: string, slices: number, memoryGb: number | undefined): number {
  const [, instances, ofGpu, memory] = PROFILE.exec(profile) ?? [];
  if (ofGpu === undefined || memory === undefined)
    throw new Problem("option-invalid", `"${profile}" is not a MIG profile such as 1g.10gb.`, {
      at: { value: profile },
    });
  const compute = part(Number(ofGpu), slices);
  const whole = memoryGb === undefined ? compute : Math.max(compute, part(Number(memory), memoryGb));
  // A compute instance shares the memory of its GPU instance; its share is that of its slices within it.
  return instances === undefined ? whole : Math.floor((whole * Number(instances)) / Number(ofGpu));
}

function part(numerator: number, denominator: number): number {
  if (!(numerator > 0 && denominator > 0))
    throw new Problem(
      "not-positive",
      `A share of a GPU is above zero, and ${numerator} of ${denominator} is not.`,
    );
  return Math.min(GPU_PARTS, Math.floor((numerator * GPU_PARTS) / denominator));
}
