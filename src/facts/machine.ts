import { type Fraction, parseFraction } from "./fraction.ts";

/** The devices of one kind that a machine has. */
export interface Accelerators {
  readonly type: string;
  /** Undefined where nobody says how many. */
  readonly count: Fraction | undefined;
  /** gpu: counted in GPU hours; chip: everything else that computes beside the CPU. */
  readonly kind: "gpu" | "chip";
}

/** What a machine type consists of; what is unknown is absent. */
export interface Machine {
  readonly provider: string;
  readonly instanceType: string;
  readonly vCpus?: string;
  readonly memoryGiB?: string;
  readonly accelerators: readonly Accelerators[];
  readonly source: string;
}

/** A row of catalog/machines.csv by its header. */
export type MachineCells = Readonly<
  Record<
    | "Provider"
    | "InstanceType"
    | "VCpus"
    | "MemoryGiB"
    | "Accelerator"
    | "AcceleratorCount"
    | "Kind"
    | "Source",
    string
  >
>;

/** A machine of the catalogue. */
export function machineOf(cells: MachineCells): Machine {
  const { VCpus, MemoryGiB, Accelerator, AcceleratorCount, Kind } = cells;
  return {
    provider: cells.Provider,
    instanceType: cells.InstanceType,
    ...(VCpus === "" ? {} : { vCpus: VCpus }),
    ...(MemoryGiB === "" ? {} : { memoryGiB: MemoryGiB }),
    accelerators:
      Accelerator === ""
        ? []
        : [
            {
              type: Accelerator,
              count: parseFraction(AcceleratorCount),
              kind: Kind === "chip" ? "chip" : "gpu",
            },
          ],
    source: cells.Source,
  };
}

/**
 * How a provider sells accelerators of a machine type.
 * - bundled: the machine's price is with its accelerators, so a guest accelerator in a plan adds nothing
 * - guest: the machine's price is without; each guest accelerator is charged beside it
 * - none: no accelerator can be attached
 * @see Google Cloud: accelerator-optimised families a2, a3, a4, g2, g4 come with their GPUs, N1 takes guests
 */
export function acceleratorSale(provider: string, instanceType: string): "bundled" | "guest" | "none" {
  if (provider !== "gcp") return "bundled";
  if (/^(a[2-4]x?|g[24])-/.test(instanceType)) return "bundled";
  return /^n1-|^custom-/.test(instanceType) ? "guest" : "none";
}
