import { expect, test } from "vitest";
import { gpuInstances } from "./gpu-instances.ts";

test("a shared GPU is a part of one, a chip that is no GPU is none, and an unknown number is left out", async () => {
  const counts = new Map(
    (await gpuInstances()).map(({ instanceType, gpuCount }) => [instanceType, gpuCount]),
  );
  expect(counts.get("p5.48xlarge")).toBe("8");
  expect(counts.get("g6f.large")).toBe("0.125");
  expect(counts.get("Standard_NV6ads_A10_v5")).toBe("0.1667");
  expect(counts.has("trn1.32xlarge")).toBe(false);
  expect(counts.has("Standard_NC24lds_xl_RTXPRO6000BSE_v6")).toBe(false);
  expect(counts.has("m5.large")).toBe(false);
});
