import { fractionUnits } from "#facts/fraction.ts";
import { shippedMachines } from "#flows/prices/shipped-catalogue.ts";
import type { GpuInstance } from "#lake/import/derive-sql.ts";
import { formatDecimal, roundTo } from "#units/decimal.ts";

/** Machine types with GPUs, from the catalogue that comes with Plimsoll. A sixth of a GPU is booked as 0.1667 of one. */
export async function gpuInstances(): Promise<GpuInstance[]> {
  return (await shippedMachines()).flatMap(({ instanceType, accelerators }) =>
    accelerators.flatMap(({ type, count, kind }) => {
      if (kind !== "gpu" || count === undefined) return [];
      const gpuCount = formatDecimal(roundTo(fractionUnits(count, "half-even"), 4, "half-even"));
      return [{ instanceType, gpuType: type, gpuCount }];
    }),
  );
}
