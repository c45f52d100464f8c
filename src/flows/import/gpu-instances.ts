import { readFile } from "node:fs/promises";
import type { GpuInstance } from "#lake/import/derive-sql.ts";

/** Machine types with GPUs, from the catalogue that comes with Plimsoll. */
export async function gpuInstances(): Promise<GpuInstance[]> {
  const text = await readFile(new URL("../../../catalog/gpu-instances.csv", import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .slice(1)
    .map((line) => {
      const [instanceType = "", gpuType = "", gpuCount = "0"] = line.split(",");
      return { instanceType, gpuType, gpuCount };
    });
}
