import { expect, test } from "vitest";
import { acceleratorOf, acceleratorsNamed } from "./accelerator.ts";

const cells = (Accelerator: string, AlsoCalled: string, MemoryGiB: string) => ({
  Accelerator,
  AlsoCalled,
  MemoryGiB,
  Vendor: "NVIDIA",
  FormFactor: "PCIe",
  MemoryGBps: "",
  DenseBf16Tflops: "",
  DenseFp8Tflops: "",
  DenseInt8Tops: "",
  DenseFp4Tflops: "",
  TdpWatts: "",
  LinkGBps: "",
  Verified: "yes",
  AsOf: "2026-08",
  Source: "a page",
});
const specs = [cells("L4", "", "24"), cells("A100-40GB", "A100", "40"), cells("A100-80GB", "", "80")].map(
  acceleratorOf,
);
const named = (name: string): string[] => acceleratorsNamed(specs, name).map((spec) => spec.name);

test("a model is known by its name in any spelling, and never by its memory", () => {
  for (const name of ["L4", "l4", "NVIDIA L4", "nvidia-l4", "Nvidia_L4"])
    expect(named(name), name).toEqual(["L4"]);
  expect(named("nvidia-tesla-a100")).toEqual(["A100-40GB"]);
  expect(named("A100-80GB")).toEqual(["A100-80GB"]);
  expect(named("24")).toEqual([]);
});

test("a figure that is not stated is absent, not zero", () => {
  expect(specs[0]?.figures).toEqual({ MemoryGiB: "24" });
});
